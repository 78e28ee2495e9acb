"""Absences: recorded, ended early, and what passes on because of them.

What has passed to whoever stands in stays with them after the absence; a coordinator may give it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from actions.duties.handover import pass_while_away
from actions.duties.holders import day_of, stand_in_for
from actions.duties.posting import title_of
from actions.lookup import campaign_of, is_entitled
from records import audit
from records.campaign.campaigns import current_campaign
from records.duties.absences import (
    absences_on,
    absences_to_come,
    as_rule,
    away_on,
    lock_absence,
    standing_absences,
)
from records.duties.duties import duties_held, lock_duty
from records.duties.handovers import handovers_of
from records.people import people
from records.store import Session, Store, repeatable
from records.tables.duties import AbsenceRow, DutyRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.duties.absences import Absence, refuse_absence, refuse_stranger, stays_with_the_absent
from rules.duties.holding import refuse_unfit
from rules.people.acts import Matter
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Passing:
    """An open duty of somebody who goes away, and who takes it; empty ``to`` where nobody may."""

    duty_id: int
    what: str
    to: str


def today_of(session: Session, now: datetime) -> date:
    """Which day it is where the campaign is."""
    campaign_id = current_campaign(session)
    return day_of(campaign_of(session, campaign_id), now) if campaign_id else now.date()


def with_deputy(session: Session, wanted: Absence) -> Absence:
    """Where nobody is named, the usual deputy stands in."""
    person = session.get(PersonRow, wanted.person_id)
    return wanted if wanted.deputy or person is None else replace(wanted, deputy=person.deputy)


def foresee(session: Session, wanted: Absence, *, by: str, now: datetime) -> list[Passing] | Refused:
    """Which open duties would pass to whom with the absence, or why it cannot be recorded."""
    wanted = with_deputy(session, wanted)
    refused = _refuse_recording(session, wanted, by=by, now=now)
    if refused:
        return refused
    away = {**away_on(session, max(wanted.first, today_of(session, now))), wanted.person_id: wanted.deputy}
    return [
        Passing(duty.id, title_of(duty), _taker(session, duty, away) or "")
        for duty in duties_held(session, wanted.person_id)
    ]


def _taker(session: Session, duty: DutyRow, away: Mapping[str, str]) -> str | None:
    return stand_in_for(session, campaign_of(session, duty.campaign_id), duty, away)


@repeatable
def record_absence(
    store: Store, wanted: Absence, *, by: str, now: datetime, reason: str = ""
) -> AbsenceRow | Refused:
    """Somebody says that they will be away, or a coordinator of anybody; one that has begun passes duties on at once.

    ``reason`` stays with the row; the audit log, which nobody can shorten, does without it.
    """
    with store.writing() as session:
        # Two absences of one person wait for each other here; duties may be opened for them meanwhile.
        people.lock_everybody(session)
        wanted = with_deputy(session, wanted)
        refused = _refuse_recording(session, wanted, by=by, now=now)
        if refused:
            return refused
        row = _row_of(wanted, reason=reason.strip(), by=by, now=now)
        session.add(row)
        session.flush()
        facts = {"first": row.first_day, "last": row.last_day, "deputy": row.deputy}
        _note(session, "record_absence", row, by=by, now=now, facts=facts)
        _pass_on_at_once(session, wanted, by=by, now=now)
        return row


def _row_of(wanted: Absence, *, reason: str, by: str, now: datetime) -> AbsenceRow:
    return AbsenceRow(
        person_id=wanted.person_id,
        deputy=wanted.deputy,
        first_day=wanted.first.isoformat(),
        last_day=wanted.last.isoformat(),
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )


def _pass_on_at_once(session: Session, absence: Absence, *, by: str, now: datetime) -> None:
    today = today_of(session, now)
    if absence.covers(today):
        away = away_on(session, today)
        for duty in duties_held(session, absence.person_id):
            _pass_on(session, duty, away, by=by, now=now)


def _refuse_recording(session: Session, wanted: Absence, *, by: str, now: datetime) -> Refused | None:
    person, deputy = (_somebody(session, one) for one in (wanted.person_id, wanted.deputy))
    if person is None:
        return Refused("no_account", f"没有编号为“{wanted.person_id}”的在用人员，请核对编号。")
    if wanted.deputy and deputy is None:
        return Refused("no_such_deputy", f"代理人“{wanted.deputy}”须为另一位在用人员，请核对编号。")
    today = today_of(session, now)
    known = map(as_rule, standing_absences(session, [wanted.person_id, wanted.deputy], today))
    refused = _refuse_speaker(session, wanted.person_id, by) or refuse_absence(wanted, known, today=today)
    if refused or deputy is None:
        return refused
    absent, named = people.as_rule(person), people.as_rule(deputy)
    refused = refuse_unfit(absent, named)
    return refused if refused or _is_coordinator(session, by) else refuse_stranger(absent, named)


def _somebody(session: Session, person_id: str) -> PersonRow | None:
    row = session.get(PersonRow, person_id)
    return row if row is not None and row.active else None


def _refuse_speaker(session: Session, person_id: str, by: str) -> Refused | None:
    if is_entitled(session, "absences.end_absence", by=by, matter=Matter(owner=person_id)):
        return None
    return Refused("not_own_absence", "只有本人或活动协调员可以登记、结束外出。")


def _is_coordinator(session: Session, person_id: str) -> bool:
    row = _somebody(session, person_id)
    return row is not None and "coordinator" in row.roles


@repeatable
def end_absence(store: Store, *, absence_id: int, by: str, now: datetime) -> Refused | None:
    """Somebody is back early, or does not go; what has passed on stays where it is."""
    with store.writing() as session:
        row = lock_absence(session, absence_id)
        if row is None:
            return Refused("no_such_absence", "没有这条外出登记，请核对后重试。")
        refused = _refuse_speaker(session, row.person_id, by) or _refuse_end(session, row, now)
        if refused:
            return refused
        row.ended_by, row.ended_at = by, now
        facts = {"first": row.first_day, "last": row.last_day}
        _note(session, "end_absence", row, by=by, now=now, facts=facts)
    return None


def _refuse_end(session: Session, row: AbsenceRow, now: datetime) -> Refused | None:
    if row.ended_at is not None or as_rule(row).last < today_of(session, now):
        return Refused("absence_over", f"{row.first_day}至{row.last_day}的外出已经结束，无需再次办理。")
    return None


def absence_to_end(session: Session, person_id: str, *, now: datetime) -> AbsenceRow | None:
    """The absence of somebody that runs, or else the next one to come."""
    return next(iter(standing_absences(session, [person_id], today_of(session, now))), None)


def _note(
    session: Session, act: str, row: AbsenceRow, *, by: str, now: datetime, facts: Mapping[str, object]
) -> None:
    audit.note(session, at=now, actor=by, act=act, subject=f"person:{row.person_id}", facts=facts)


# --- the calendar --------------------------------------------------------------------------------


@repeatable
def pass_on_for_absent(store: Store, *, campaign_id: str, now: datetime) -> int:
    """Pass on every open duty of a campaign that somebody away still holds; how many passed.

    Each passes once: afterwards its holder is there. What was given to somebody during their absence is
    left to them, and what nobody may take stays, until somebody may.
    """
    with store.reading() as session:
        if not _waiting(session, campaign_of(session, campaign_id), now):
            return 0
    with store.writing() as session:
        campaign = campaign_of(session, campaign_id)
        away = away_on(session, day_of(campaign, now))
        waiting = _waiting(session, campaign, now)
        return sum(_pass_on(session, duty, away, by="system", now=now) for duty in waiting)


def _waiting(session: Session, campaign: Campaign, now: datetime) -> list[DutyRow]:
    """Open duties of those who are away, but for what was given to them meanwhile."""
    return [
        duty
        for row in absences_on(session, day_of(campaign, now))
        for duty in duties_held(session, row.person_id)
        if duty.campaign_id == campaign.id and not _was_given(session, campaign, duty, row)
    ]


def _was_given(session: Session, campaign: Campaign, duty: DutyRow, row: AbsenceRow) -> bool:
    since = max(row.recorded_at, as_rule(row).begins_at(campaign.zone))
    handed = handovers_of(session, duty)
    return stays_with_the_absent(given_at=handed[-1].at if handed else None, since=since)


def _pass_on(session: Session, duty: DutyRow, away: Mapping[str, str], *, by: str, now: datetime) -> bool:
    before, duty = duty.person_id, lock_duty(session, duty.id)
    if duty.state != "open" or duty.person_id != before:
        return False
    to = _taker(session, duty, away)
    if to is not None:
        pass_while_away(session, duty, to=to, by=by, now=now)
    return to is not None


def begin_moments(session: Session, campaign: Campaign, *, after: datetime) -> list[datetime]:
    """When the absences begin that have not yet."""
    coming = absences_to_come(session, day_of(campaign, after))
    return [as_rule(row).begins_at(campaign.zone) for row in coming]
