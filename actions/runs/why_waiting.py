"""Why something waits, in one sentence: what happened, who has the ball since when, what happens next.

Roles, not names, and never anybody's free text: the sentence stands in Prefect too.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from actions.campaign.decree import awaited_decree
from actions.duties.asking import ladder_of
from actions.duties.posting import TITLES
from actions.duties.reminders import HOLDER
from actions.lookup import calendar_of, campaign_of
from notifications.wording import day_text, instant_text
from records.dossiers.findings import sheets_with_errors
from records.dossiers.uploads import uploads_of
from records.duties.duties import duties_awaited
from records.duties.handovers import AWAY, ESCALATED, REASSIGNED, handovers_of
from records.review.gates import decisions_on, gate_attempt
from records.review.scores import newest_sheet
from records.store import Session
from records.tables.campaign import StageRow, VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from records.tables.runs import CarrierRow
from rules.campaign.calendar import Calendar, workdays_between
from rules.campaign.campaign import ROLES, Campaign
from rules.duties.ladders import RungTime, rungs_after
from rules.review.parties import REVIEWS

RETURNED = "退回补正"
PASSED = {ESCALATED: "(已转交代理人)", AWAY: "(原承办人外出，由代理人办理)", REASSIGNED: "(已改派)"}
"""How a duty came to its holder."""


def why_waiting(session: Session, carrier: CarrierRow, *, now: datetime) -> str:
    """One sentence for a sleeping run; never empty."""
    campaign = campaign_of(session, carrier.campaign_id)
    duties = duties_awaited(session, carrier.kind, carrier.subject)
    if duties:
        return why_owed(session, campaign, duties[0], more=len(duties) - 1, now=now)
    if awaited_decree(session, campaign.id) is not None:
        last = calendar_of(session, campaign.id).published_until
        return (
            f"放假安排只公布到{last.year}年{day_text(last)}，等活动协调员录入此后的放假安排，录入后自动继续。"
        )
    return _about_stage(session, campaign)


def why_owed(session: Session, campaign: Campaign, duty: DutyRow, *, now: datetime, more: int = 0) -> str:
    """The same for one open duty, ``more`` of which wait beside it."""
    what = duty.facts.get("gate") or TITLES[duty.kind]
    where = f"{duty.facts.get('town', '')}{duty.facts.get('village', '')}"
    clauses = [
        f"{where}{what}：{_so_far(session, campaign, duty)}",
        _ball(session, campaign, duty, now),
        _deadline(session, campaign, duty, now),
        *_coming(session, campaign, duty, now),
        f"另有{more}项待办" if more else "",
    ]
    return "；".join(clause for clause in clauses if clause) + "。"


def _so_far(session: Session, campaign: Campaign, duty: DutyRow) -> str:
    if duty.kind == "correction":
        return _returned_by_gate(session, campaign, duty)
    if duty.kind == "dossier":
        return _handed_in(session, campaign, duty)
    return f"{day_text(duty.opened_at.astimezone(campaign.zone).date())}起待办"


def _returned_by_gate(session: Session, campaign: Campaign, duty: DutyRow) -> str:
    """Which review sent the dossier back, when, and about which lines of annex 1, if it scored any."""
    gate = _gate_of_correction(session, duty)
    if gate is None or gate.closed_at is None or gate.upload_id is None:
        return f"{day_text(duty.opened_at.astimezone(campaign.zone).date())}起待补正"
    plan = campaign.gate(gate.name)
    seat = next(seat for seat in plan.seats if seat.name == decisions_on(session, gate)[-1].seat)
    day = day_text(gate.closed_at.astimezone(campaign.zone).date())
    sheet = newest_sheet(session, session.get_one(UploadRow, gate.upload_id), REVIEWS[gate.name])
    lines = "、".join(sorted({fact.partition("/")[0] for fact in sheet.adjustments})) if sheet else ""
    about = f"({campaign.forms.sheet('scores')}{lines})" if lines else ""
    answer = _newest_upload(session, duty)
    corrected = "，补正材料正在校验" if answer is not None and answer.state == "received" else ""
    return f"{day}由{ROLES[seat.role]}在{plan.title}中{RETURNED}{about}{corrected}"


def _gate_of_correction(session: Session, duty: DutyRow) -> GateRow | None:
    """The attempt that the duty's key names: a later one may have been withdrawn from."""
    attempt, name = duty.key.rpartition("#")[2].split(":")
    return gate_attempt(session, duty.campaign_id, name, duty.carrier_subject, int(attempt))


def _handed_in(session: Session, campaign: Campaign, duty: DutyRow) -> str:
    upload = _newest_upload(session, duty)
    if upload is None:
        return "尚未上报"
    if upload.state == "withdrawn":
        return f"第{upload.version}版已撤回，尚未重新上报"
    received = f"{day_text(upload.received_at.astimezone(campaign.zone).date())}收到第{upload.version}版"
    if upload.state != "returned":
        return f"{received}，正在校验"
    sheets = "".join(f"《{name}》" for name in sheets_with_errors(session, upload.id))
    return f"{received}，校验未通过{f'(涉及{sheets})' if sheets else ''}"


def _newest_upload(session: Session, duty: DutyRow) -> UploadRow | None:
    village = session.get_one(VillageRow, (duty.campaign_id, duty.village_code))
    return next(reversed(uploads_of(session, village)), None)


def _ball(session: Session, campaign: Campaign, duty: DutyRow, now: datetime) -> str:
    handed = handovers_of(session, duty)
    since = handed[-1].at if handed else duty.opened_at
    held = workdays(session, campaign, since, now)
    passed = PASSED[handed[-1].cause] if handed else ""
    return f"由{ROLES[duty.role]}办理{passed}{f'，已{held}个工作日' if held else ''}"


def _deadline(session: Session, campaign: Campaign, duty: DutyRow, now: datetime) -> str:
    due = f"{day_text(duty.due_at.astimezone(campaign.zone).date())}截止"
    if now <= duty.due_at:
        return due
    late = workdays(session, campaign, duty.due_at, now)
    return f"{due}，已逾期{f'{late}个工作日' if late else ''}"


def workdays(session: Session, campaign: Campaign, since: datetime, now: datetime) -> int | None:
    """Working days after ``since`` up to today; None where the calendar is not published so far."""
    return workdays_in(calendar_of(session, campaign.id), campaign, since, now)


def workdays_in(calendar: Calendar, campaign: Campaign, since: datetime, now: datetime) -> int | None:
    """The same with the calendar at hand, for many duties."""
    first, last = (moment.astimezone(campaign.zone).date() for moment in (since, now))
    counted = workdays_between(calendar, first, last)
    return counted if isinstance(counted, int) else None


def _coming(session: Session, campaign: Campaign, duty: DutyRow, now: datetime) -> list[str]:
    """The next reminder, then the first that goes to somebody else, and the end of all patience."""
    following, other = _next_two(session, campaign, duty, now)
    lock_at = duty.lock_at
    if following is None:
        return [
            f"{instant_text(lock_at, campaign.zone)}后失效" if lock_at else "不再自动提醒，由活动协调员催办"
        ]
    if lock_at is not None and lock_at < following.at:
        return [f"{instant_text(lock_at, campaign.zone)}后失效"]
    clauses = [f"{instant_text(following.at, campaign.zone)}再提醒{_reader_title(duty, following)}"]
    if other is not None and (lock_at is None or other.at <= lock_at):
        further = "并转交代理人" if other.escalate else ""
        when = instant_text(other.at, campaign.zone)
        clauses.append(f"仍未办理则{when}上报{_reader_title(duty, other)}{further}")
    if lock_at is not None:
        clauses.append(f"{instant_text(lock_at, campaign.zone)}后失效")
    return clauses


def _next_two(
    session: Session, campaign: Campaign, duty: DutyRow, now: datetime
) -> tuple[RungTime | None, RungTime | None]:
    """The next rung, and the first after it that speaks to another role; the ladder's last one repeats."""
    ladder = ladder_of(session, campaign, duty)
    rungs = rungs_after(
        ladder,
        opened_at=duty.opened_at,
        due=duty.due_at.astimezone(campaign.zone).date(),
        calendar=calendar_of(session, campaign.id),
        zone=campaign.zone,
        after=now,
    )
    following = next(rungs, None)
    for other in islice(rungs, len(ladder.rungs)) if following else ():
        if following and _reader_title(duty, other) != _reader_title(duty, following):
            return following, other
    return following, None


def _reader_title(duty: DutyRow, rung: RungTime) -> str:
    return ROLES[duty.role if rung.role == HOLDER else rung.role]


def _about_stage(session: Session, campaign: Campaign) -> str:
    for plan in campaign.stages:
        row = session.get_one(StageRow, (campaign.id, plan.name))
        if row.state == "open":
            return f"“{plan.title}”进行中，{day_text(plan.due)}截止；全部办结或到期后进入下一阶段。"
        if row.state == "waiting":
            return f"等待“{plan.title}”于{day_text(plan.opens)}开始。"
    return "各阶段均已结束，等待收尾。"
