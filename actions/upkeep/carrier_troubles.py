"""Troubles of carriers: bells nobody answers, subjects asleep though something changed, given up, or gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from actions.dossiers.submission import waiting_uploads
from actions.duties.reminders import stage_waits, unfired_rungs
from actions.lookup import campaign_of
from actions.upkeep import repair
from actions.upkeep.troubles import Trouble
from records.campaign.campaigns import open_campaigns
from records.duties.duties import duties_awaited, open_duties
from records.runs import bells, carriers
from records.store import Session, Store
from records.tables.review import GateRow
from records.tables.runs import CarrierRow

PATIENCE = timedelta(minutes=15)
"""Three ticks: what is older than this is not under way, it is forgotten."""
ALWAYS_OWED = ("survey", "submission", "verification")
"""Kinds whose run sleeps only as long as somebody owes it something."""
REPAIR = "运行 ./hqe doctor --repair "


def carrier_troubles(store: Store, *, now: datetime) -> list[Trouble]:
    """Every trouble of the carriers of campaigns under way."""
    with store.reading() as session:
        found = [*_unanswered(session, now), *_parked(store, session, now)]
        for campaign_id in open_campaigns(session):
            found += _asleep(store, session, campaign_id, now)
            found += _uncarried(store, session, campaign_id, now)
            found += _behind(store, session, campaign_id, now)
    return found


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
    return "" if duties_awaited(session, carrier.kind, carrier.subject) else "待办已全部办结"


def _uncarried(store: Store, session: Session, campaign_id: str, now: datetime) -> Iterator[Trouble]:
    """Open duties whose subject has no run that waits for them; one line for each subject."""
    owed = {(duty.carrier_kind, duty.carrier_subject): duty for duty in open_duties(session, campaign_id)}
    for (kind, subject), duty in owed.items():
        carrier = session.get(CarrierRow, (kind, subject))
        if carrier is not None and carrier.state != "done":
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
