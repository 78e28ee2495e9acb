"""A trouble: something an operator should see to, found in the records or on the machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from actions.campaign import outages
from actions.campaign.decree import awaited_decree
from actions.dossiers.uploads import waiting_uploads
from actions.duties.asking import ladder_of
from actions.duties.eligibility import refuse_acting
from actions.duties.endings import ANSWERED, OVER
from actions.duties.holders import day_of
from actions.duties.reminders import unfired_rungs
from actions.lookup import calendar_of, campaign_of
from actions.runs.tick import stage_waits
from actions.upkeep import repair
from records import outbox
from records.campaign.campaigns import every_campaign, open_campaigns
from records.duties.duties import duties_awaited, open_duties
from records.runs import bells, carriers
from records.store import Session, Store
from records.tables.campaign import CampaignRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import ROLES, Campaign
from rules.duties.ladders import rungs_after

PATIENCE = timedelta(minutes=15)
"""Three ticks: what is older than this is not under way, it is forgotten."""
ALWAYS_OWED = ("survey", "submission", "verification")
"""Kinds whose run sleeps only as long as somebody owes it something."""
REPAIR = "运行 ./hqe doctor --repair "
NOT_SET = "设置 HQE_SMTP_URL 后重新启动 ./hqe up，邮件随即发出。"
STUCK = "检查邮件服务器和 HQE_SMTP_URL；程序会继续重试，日志见 logs/worker.log。"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A stable code; what is wrong, where, and what to do, in Chinese; and what ``--repair`` does about it."""

    code: str
    what: str
    where: str
    remedy: str
    mend: Callable[[], Any] | None = None
    """Repeatable; None where only a person can help."""

    @property
    def line(self) -> str:
        return f"[{self.code}] {self.what}\n    在哪里:{self.where}\n    怎么办:{self.remedy}"


def carrier_troubles(store: Store, *, now: datetime) -> list[Trouble]:
    """Every trouble of the carriers of campaigns under way."""
    with store.reading() as session:
        found = [*_unanswered(session, now), *_parked(store, session, now)]
        for campaign_id in open_campaigns(session):
            found += _short_of_days(session, campaign_id, now)
            found += _asleep(store, session, campaign_id, now)
            found += _uncarried(store, session, campaign_id, now)
            found += _behind(store, session, campaign_id, now)
            found += _outages(session, campaign_id)
    return found


def _outages(session: Session, campaign_id: str) -> Iterator[Trouble]:
    """Time that towns lost before a due date, and nobody has said whether they get it back."""
    for one in outages.waiting(session, campaign_id):
        what = f"门户在期限前无法使用({one.told})，{one.duties}项待办少了时间，还没有答复是否同等延期"
        yield Trouble("outage", what, campaign_id, "请活动协调员在“门户中断”页答复，或用 ./hqe outage。")


def _unanswered(session: Session, now: datetime) -> Iterator[Trouble]:
    for kind, subject, oldest in bells.unanswered_since(session, before=now - PATIENCE):
        carrier = carriers.find(session, kind, subject)
        if carrier is None or carrier.state == "parked":
            continue
        minutes = int((now - oldest).total_seconds() // 60)
        remedy = "确认 ./hqe up 正在运行；仍无人应，看日志 logs/worker.log。"
        yield Trouble("bell_unanswered", f"门铃响了{minutes}分钟无人应", carrier.label or subject, remedy)


def _parked(store: Store, session: Session, now: datetime) -> Iterator[Trouble]:
    for carrier in carriers.parked(session):
        yield Trouble(
            "parked",
            f"运行连续{carriers.MOST_REPLACEMENTS}次未能完成({carrier.cause})，已停办",
            carrier.label or carrier.subject,
            f"先按日志 logs/worker.log 排除原因，再{REPAIR}重新启动它。",
            partial(repair.unpark, store, carrier.kind, carrier.subject, now=now),
        )


def _short_of_days(session: Session, campaign_id: str, now: datetime) -> Iterator[Trouble]:
    """Somebody was asked for the next decree and has not entered it yet."""
    duty = awaited_decree(session, campaign_id)
    if duty is None:
        return
    campaign, last = campaign_of(session, campaign_id), calendar_of(session, campaign_id).published_until
    over = "" if day_of(campaign, now) <= last else "，今天已在其外"
    what = f"放假安排只公布到{last}{over}；需要推算此后期限的运行在等它"
    remedy = "请活动协调员在网页“放假安排”中录入新公布的安排，或运行 ./hqe calendar set(或 import)。"
    yield Trouble("calendar_short", what, campaign.title, remedy)


def _asleep(store: Store, session: Session, campaign_id: str, now: datetime) -> Iterator[Trouble]:
    """Subjects that sleep though they have something to do, without a bell that would wake them."""
    rung = bells.subjects_rung(session)
    for carrier in carriers.sleepers(session, campaign_id):
        if carrier.lease_owner or (carrier.kind, carrier.subject) in rung:
            continue
        changed = _changed(session, carrier)
        if not changed:
            continue
        yield Trouble(
            "asleep",
            f"{changed}，运行却仍在休眠",
            carrier.label or carrier.subject,
            f"{REPAIR}唤醒它。",
            partial(repair.ring_again, store, carrier.kind, carrier.subject, now=now),
        )


def _changed(session: Session, carrier: CarrierRow) -> str:
    """What a sleeping subject has missed; empty when it sleeps rightly."""
    gate = session.get(GateRow, carrier.gate_id) if carrier.gate_id else None
    if gate is not None and gate.state != "open":
        return "审批点已有决定"
    if carrier.kind not in ALWAYS_OWED:
        return ""
    if waiting_uploads(session, carrier.kind, carrier.subject):
        return "材料已收到、尚未校验"
    waits = duties_awaited(session, carrier.kind, carrier.subject) or awaited_decree(
        session, carrier.campaign_id
    )
    return "" if waits else "待办已全部办结"


def _uncarried(store: Store, session: Session, campaign_id: str, now: datetime) -> Iterator[Trouble]:
    """Open duties whose subject has no run that waits for them; one line for each subject."""
    owed = {(duty.carrier_kind, duty.carrier_subject): duty for duty in open_duties(session, campaign_id)}
    for (kind, subject), duty in owed.items():
        carrier = session.get(CarrierRow, (kind, subject))
        if (carrier is not None and carrier.state != "done") or why_needless(session, duty):
            continue
        yield Trouble(
            "no_carrier",
            "待办未结，却没有承办它的运行",
            f"{kind} {subject}({duty.key})",
            f"{REPAIR}补上运行。",
            partial(repair.carry_again, store, kind, subject, campaign_id=campaign_id, now=now),
        )


def _behind(store: Store, session: Session, campaign_id: str, now: datetime) -> Iterator[Trouble]:
    """The calendar has demanded something for a while and nobody did it: the tick does not run."""
    then, campaign = now - PATIENCE, campaign_of(session, campaign_id)
    owed = open_duties(session, campaign_id)
    silent = sum(bool(unfired_rungs(session, campaign, duty, then)) for duty in owed)
    locked = sum(duty.lock_at is not None and duty.lock_at < then for duty in owed)
    stage = stage_waits(session, campaign_id, then)
    if silent or locked or stage:
        yield Trouble(
            "tick_late",
            f"定时检查没有跟上：{silent}项提醒未发，{locked}项待办过了锁定时间未处理"
            + ("，阶段到期未开始或未结束" if stage else ""),
            campaign.title,
            f"确认 ./hqe up 正在运行；{REPAIR}可立即补做一次检查。",
            partial(repair.tick_now, store, campaign_id=campaign_id, now=now),
        )


def duty_troubles(store: Store, *, now: datetime) -> list[Trouble]:
    """Every open duty that nothing waits for, that is not in somebody's able hands, or that is forgotten.

    Of campaigns that are over there should be none.
    """
    with store.reading() as session:
        return [
            trouble
            for campaign_id in every_campaign(session)
            for duty in open_duties(session, campaign_id)
            for trouble in _of_duty(store, session, campaign_of(session, campaign_id), duty, now)
        ]


def _of_duty(
    store: Store, session: Session, campaign: Campaign, duty: DutyRow, now: datetime
) -> Iterator[Trouble]:
    needless = why_needless(session, duty)
    if needless:
        mend = partial(repair.end_needless, store, duty.id, why=needless, now=now)
        yield Trouble("duty_needless", f"待办没有了结：{needless}", duty.key, f"{REPAIR}撤销它。", mend)
        return
    reason = why_holder_cannot_act(session, campaign, duty)
    if reason:
        what = f"{ROLES.get(duty.role, duty.role)}的待办没有能办理的人：{reason}"
        remedy = "请活动协调员改派这项待办(./hqe reassign)，或启用、导入能办理的人员(./hqe people)。"
        yield Trouble("nobody_can_act", what, duty.key, remedy)
    if not _has_next_rung(session, campaign, duty, now):
        remedy = "请在活动文件夹的 ladders.yaml 为这类待办写提醒档；本次活动由活动协调员人工催办。"
        yield Trouble("no_next_rung", "待办以后不会再有提醒", duty.key, remedy)


def why_needless(session: Session, duty: DutyRow) -> str:
    """Why nothing waits for an open duty any more; empty for one that is rightly open."""
    if session.get_one(CampaignRow, duty.campaign_id).closed_at is not None:
        return OVER
    gate = session.get_one(GateRow, duty.facts["gate_id"]) if duty.kind == "gate" else None
    return ANSWERED if gate is not None and gate.state != "open" else ""


def why_holder_cannot_act(session: Session, campaign: Campaign, duty: DutyRow) -> str:
    """Why the holder of an open duty could not act on it today; empty when they can."""
    person = session.get(PersonRow, duty.person_id)
    if person is None or not person.active:
        return f"{duty.person_id} 已停用"
    refused = refuse_acting(session, campaign, duty, person)
    return refused.reason if refused else ""


def _has_next_rung(session: Session, campaign: Campaign, duty: DutyRow, now: datetime) -> bool:
    try:
        ladder = ladder_of(session, campaign, duty)
        coming = rungs_after(
            ladder,
            opened_at=duty.opened_at,
            due=duty.due_at.astimezone(campaign.zone).date(),
            calendar=calendar_of(session, campaign.id),
            zone=campaign.zone,
            after=now,
        )
        # After its last repeat a duty stands on the coordinator's board alone, as its ladder wants it.
        return bool(ladder.most_repeats) or next(coming).at > now
    except (LookupError, StopIteration):
        return False


def mail_troubles(store: Store, *, now: datetime, mail_is_set: bool) -> list[Trouble]:
    """Failed messages by what the mail server said, then those that wait."""
    with store.reading() as session:
        return [*_failed(store, session, now), *_waiting(session, now, mail_is_set=mail_is_set)]


def _failed(store: Store, session: Session, now: datetime) -> Iterator[Trouble]:
    by_answer: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in outbox.failed(session):
        by_answer[row.answer].append(row)
    for answer, rows in by_answer.items():
        yield Trouble(
            "mail_failed",
            f"{len(rows)}封邮件没有发出：{answer}",
            f"{rows[0].key}{' 等' if len(rows) > 1 else ''}",
            f"按上面的答复改正邮箱地址或邮件设置，再{REPAIR}重发。",
            partial(repair.send_again, store, [row.id for row in rows], now=now),
        )


def _waiting(session: Session, now: datetime, *, mail_is_set: bool) -> Iterator[Trouble]:
    overdue_since = now - PATIENCE if mail_is_set else now
    late = [row for row in outbox.unsent(session) if row.not_before <= overdue_since]
    if not late:
        return
    code, remedy = ("mail_stuck", STUCK) if mail_is_set else ("mail_not_set", NOT_SET)
    last = next((row.answer for row in late if row.answer), "")
    what = f"{len(late)}封邮件该发未发{f'，最近的答复：{last}' if last else ''}"
    yield Trouble(code, what, f"发件箱，最早的一封：{late[0].key}", remedy)
