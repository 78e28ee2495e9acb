"""The calendar of a campaign under way, changed by a recorded act that moves what was reckoned by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from actions.campaign.decree import KIND
from actions.duties.duties import end_duty
from actions.duties.holders import day_of
from actions.duties.posting import post_about, title_of
from actions.lookup import calendar_of, campaign_of
from notifications.wording import day_text
from records import audit
from records.campaign.campaigns import lock_campaign
from records.campaign.stages import stages_in_order
from records.duties.duties import forget_moments, lock_duty, open_duties
from records.locks import locked_one
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import CalendarRow, CampaignRow, StageRow
from records.tables.duties import DutyRow, ExtensionRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.calendar import Calendar, add_workdays
from rules.campaign.campaign import Campaign
from rules.campaign.deadlines import due_of
from rules.campaign.decree import Decree, news, refuse_calendar
from rules.duties.extensions import kept_day
from rules.refusals import Refused
from rules.signs import says_nothing

STAGE_OF = {"survey": "survey", "dossier": "submission", "paper": "submission"}
"""Kind of duty -> the stage whose date it has."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An open duty or a stage still to end whose date follows the calendar."""

    about: str
    before: date
    after: date
    duty_id: int = 0
    stage: str = ""

    @property
    def line(self) -> str:
        return f"{self.about}：截止日由{self.before}改为{self.after}"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What a new calendar brings and moves; nothing is written yet."""

    calendar: Calendar
    lines: tuple[str, ...]
    moved: tuple[Moved, ...]


def preview(session: Session, campaign_id: str, decree: Decree, *, now: datetime) -> CalendarChange | Refused:
    """What moves with what ``decree`` makes of the calendar that counts now, or why it cannot be taken."""
    campaign, old = campaign_of(session, campaign_id), calendar_of(session, campaign_id)
    if session.get_one(CampaignRow, campaign_id).closed_at is not None:
        return Refused("campaign_over", "本次活动已经结束，不再需要更新放假安排。")
    calendar = decree(old)
    refused = refuse_calendar(old, calendar)
    if refused:
        return refused
    moved = (
        *_moved_stages(session, campaign, old, calendar, now),
        *_moved_duties(session, campaign, old, calendar, now),
    )
    return CalendarChange(calendar, tuple(_lines(old, calendar, moved)), moved)


def _lines(old: Calendar, new: Calendar, moved: tuple[Moved, ...]) -> Iterator[str]:
    if new.published_until != old.published_until:
        yield f"放假安排由公布到{old.published_until}改为公布到{new.published_until}。"
    found = news(old, new)
    for title, days in (
        ("新增放假", found.holidays),
        ("新增调休上班", found.makeup_workdays),
        ("取消放假", found.dropped_holidays),
        ("取消调休上班", found.dropped_makeup_workdays),
    ):
        if days:
            yield f"{title}{len(days)}天：{'、'.join(day_text(day) for day in days)}。"
    yield from (one.line for one in moved)
    if not moved:
        yield "没有已定的期限随之变动。"


def _moved_stages(
    session: Session, campaign: Campaign, old: Calendar, new: Calendar, now: datetime
) -> Iterator[Moved]:
    for row in stages_in_order(session, campaign.id):
        before, after = (due_of(campaign, row.name, calendar) for calendar in (old, new))
        at_work = row.state != "closed" and before == day_of(campaign, row.due_at)
        if at_work and _is_move(campaign, before, after, now):
            yield Moved(f"“{campaign.stage(row.name).title}”阶段", _day(before), _day(after), stage=row.name)


def _moved_duties(
    session: Session, campaign: Campaign, old: Calendar, new: Calendar, now: datetime
) -> Iterator[Moved]:
    for duty in open_duties(session, campaign.id):
        before, after = (_reckoned(session, campaign, calendar, duty) for calendar in (old, new))
        if before == day_of(campaign, duty.due_at) and _is_move(campaign, before, after, now):
            yield Moved(title_of(duty), _day(before), _day(after), duty_id=duty.id)


def _day(day: date | Refused | None) -> date:
    assert isinstance(day, date)
    return day


def _is_move(
    campaign: Campaign, before: date | Refused | None, after: date | Refused | None, now: datetime
) -> bool:
    """Nothing moves into the past: whoever is late by the old date stays late."""
    if not isinstance(before, date) or not isinstance(after, date) or before == after:
        return False
    return min(campaign.end_of(before), campaign.end_of(after)) > now


def _reckoned(
    session: Session, campaign: Campaign, calendar: Calendar, duty: DutyRow
) -> date | Refused | None:
    """The day on which a duty of this kind that was opened then is due by a calendar; None where none decides."""
    if duty.kind in STAGE_OF:
        return due_of(campaign, STAGE_OF[duty.kind], calendar)
    opened = day_of(campaign, duty.opened_at)
    if duty.kind == "visit":
        return kept_day(campaign, calendar, what="visit", today=opened, workdays=campaign.visit_workdays)
    if duty.kind == "gate":
        plan = campaign.gate(session.get_one(GateRow, duty.facts["gate_id"]).name)
        return kept_day(campaign, calendar, what=plan.name, today=opened, workdays=plan.workdays)
    workdays = {"correction": campaign.correction_workdays, "revision": campaign.revision_workdays}
    return add_workdays(calendar, opened, workdays[duty.kind]) if duty.kind in workdays else None


# --- the act -------------------------------------------------------------------------------------


@repeatable
def change_calendar(
    store: Store, *, campaign_id: str, decree: Decree, by: str, reason: str, now: datetime
) -> CalendarChange | Refused:
    """A coordinator enters what was published; dates that followed from the old calendar follow the new one.

    It is laid over the calendar as it stands once nobody else can change it: whoever enters at the same time
    loses nothing.
    """
    with store.writing() as session:
        refused = _refuse_order(session, by=by, reason=reason)
        if refused:
            return refused
        lock_campaign(session, campaign_id)
        planned = preview(session, campaign_id, decree, now=now)
        if isinstance(planned, Refused):
            return planned
        campaign, calendar = campaign_of(session, campaign_id), planned.calendar
        for one in planned.moved:
            if one.stage:
                _move_stage(session, campaign, one)
        owed = sorted((one for one in planned.moved if one.duty_id), key=lambda one: one.duty_id)
        for one in owed:
            _move_gate(session, campaign, one)
        for one in owed:
            _move_duty(session, campaign, one, by=by, reason=reason.strip(), now=now)
        _end_waiting(session, campaign, calendar, now)
        _write(session, campaign_id, calendar)
        forget_moments(session, campaign_id)
        facts = {
            "published_until": calendar.published_until.isoformat(),
            "reason": reason.strip(),
            "moved": list(planned.lines),
        }
        audit.note(session, at=now, actor=by, act="change_calendar", subject=campaign_id, facts=facts)
        for carrier in carriers.of_campaign(session, campaign_id):
            if carrier.state != "done":
                bells.ring(session, kind=carrier.kind, subject=carrier.subject, cause="new calendar", at=now)
    return planned


def _refuse_order(session: Session, *, by: str, reason: str) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or "coordinator" not in person.roles:
        return Refused("not_coordinator", "只有活动协调员可以更新放假安排。")
    if says_nothing(reason):
        return Refused("no_reason", "请写明依据，例如国务院办公厅通知的文号，将记入审计日志。")
    return None


def _move_stage(session: Session, campaign: Campaign, moved: Moved) -> None:
    row = locked_one(session, StageRow, (campaign.id, moved.stage))
    by_how_much = moved.after - moved.before
    row.due_at, row.lock_at = campaign.end_of(moved.after), row.lock_at + by_how_much


def _move_duty(
    session: Session, campaign: Campaign, moved: Moved, *, by: str, reason: str, now: datetime
) -> None:
    duty = lock_duty(session, moved.duty_id)
    if duty.state != "open":
        return
    before, by_how_much = duty.due_at, moved.after - moved.before
    duty.due_at = campaign.end_of(moved.after)
    duty.lock_at = duty.lock_at + by_how_much if duty.lock_at is not None else None
    duty.generation += 1
    session.add(
        ExtensionRow(
            duty_id=duty.id,
            due_before=before,
            due_after=duty.due_at,
            lock_after=duty.lock_at,
            reason=f"放假安排更新：{reason}",
            granted_by=by,
            granted_at=now,
        )
    )
    facts = {"subject": moved.about, "reason": f"放假安排已更新，原期限为{day_text(moved.before)}。"}
    post_about(session, campaign, duty, template="calendar_moved", key="moved", now=now, facts=facts)


def _move_gate(session: Session, campaign: Campaign, moved: Moved) -> None:
    duty = session.get_one(DutyRow, moved.duty_id)
    if duty.kind == "gate":
        gate = locked_one(session, GateRow, duty.facts["gate_id"])
        gate.due_at = campaign.end_of(moved.after)


def _end_waiting(session: Session, campaign: Campaign, calendar: Calendar, now: datetime) -> None:
    """Whoever was asked for the decree has brought it, once it goes further than before."""
    if calendar.published_until == calendar_of(session, campaign.id).published_until:
        return
    for duty in open_duties(session, campaign.id, kind=KIND):
        end_duty(session, lock_duty(session, duty.id), act="finish", now=now)


def _write(session: Session, campaign_id: str, calendar: Calendar) -> None:
    row = locked_one(session, CalendarRow, campaign_id)
    row.holidays = sorted(day.isoformat() for day in calendar.holidays)
    row.makeup_workdays = sorted(day.isoformat() for day in calendar.makeup_workdays)
    row.published_until = calendar.published_until.isoformat()
