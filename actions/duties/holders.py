"""Who holds a duty: who may, who comes next in line, and who stands in while its holder is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from actions.duties.eligibility import refuse_acting
from records import audit
from records.duties.absences import away_on
from records.duties.handovers import AWAY, held_by
from records.review.gates import seat_duties
from records.store import Session
from records.tables.duties import DutyRow, HandoverRow
from records.tables.people import PersonRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused

WHILE_AWAY = "承办人外出，由代理人办理。"


def refuse_holder(session: Session, campaign: Campaign, duty: DutyRow, person_id: str) -> Refused | None:
    """Why the duty cannot pass to this person: no account, not in their own right, two seats of one gate."""
    person = session.get(PersonRow, person_id)
    if person is None or not person.active:
        return Refused("no_account", "没有这个人员，或其账号已停用，请核对人员编号。")
    if person_id == duty.person_id:
        return Refused("same_person", f"该事项本来就由{person.name}承办。")
    refused = refuse_acting(session, campaign, duty, person)
    if refused is None and person_id in _asked_beside(session, duty):
        refused = Refused("second_seat", f"{person.name}在同一审批点已承办另一席，一人只能占一席。")
    return refused


# --- the line of deputies ------------------------------------------------------------------------


def next_in_line(session: Session, campaign: Campaign, duty: DutyRow, *, now: datetime) -> str | None:
    """The first deputy down the line who may hold the duty and has not yet; those who are away come last."""
    away, known = away_on(session, day_of(campaign, now)), held_by(session, duty)
    line = sorted(line_of(session, duty.person_id, away), key=away.__contains__)
    return next(
        (
            deputy
            for deputy in line
            if deputy not in known and refuse_holder(session, campaign, duty, deputy) is None
        ),
        None,
    )


def line_of(session: Session, person_id: str, away: Mapping[str, str]) -> list[str]:
    """The deputy, the deputy's deputy, and so on, until the line ends or comes round.

    Beside the deputy of somebody who is ``away``, and before, stands whoever was named for these days.
    """
    line = [person_id]
    for one in line:
        row = session.get(PersonRow, one)
        following = (away.get(one, ""), row.deputy if row else "")
        line += [other for other in dict.fromkeys(following) if other and other not in line]
    return line[1:]


def stand_in_for(
    session: Session,
    campaign: Campaign,
    duty: DutyRow,
    away: Mapping[str, str],
    *,
    beside: frozenset[str] = frozenset(),
) -> str | None:
    """Who takes a duty while its holder is away: who was named, else the next down the line who is there and may.

    Nobody is asked for two seats of one gate: ``beside`` are those who are about to be asked for its others.
    """
    return next(
        (
            one
            for one in line_of(session, duty.person_id, away)
            if one not in away and one not in beside and refuse_holder(session, campaign, duty, one) is None
        ),
        None,
    )


def _asked_beside(session: Session, duty: DutyRow) -> frozenset[str]:
    """Who holds the other seats of the same attempt at a gate."""
    if duty.kind != "gate":
        return frozenset()
    seats = seat_duties(session, session.get_one(GateRow, duty.facts["gate_id"]))
    return frozenset(one.person_id for one in seats.values() if one.id != duty.id)


def day_of(campaign: Campaign, moment: datetime) -> date:
    """The day of a moment in the campaign's zone."""
    return moment.astimezone(campaign.zone).date()


# --- passing on ----------------------------------------------------------------------------------


def cover_absence(
    session: Session, campaign: Campaign, duty: DutyRow, *, beside: frozenset[str], now: datetime
) -> None:
    """Let whoever stands in take a duty that was just opened for somebody away; with nobody away one look
    at an index."""
    away = away_on(session, day_of(campaign, now))
    to = stand_in_for(session, campaign, duty, away, beside=beside) if duty.person_id in away else None
    if to is not None:
        pass_to(session, duty, to=to, cause=AWAY, reason=WHILE_AWAY, by="system", now=now)


def pass_to(
    session: Session, duty: DutyRow, *, to: str, cause: str, reason: str, by: str, now: datetime
) -> None:
    """Make somebody else the holder; kept and audited. Telling them is up to the caller."""
    before, duty.person_id = duty.person_id, to
    session.add(
        HandoverRow(
            duty_id=duty.id, from_person=before, to_person=to, cause=cause, reason=reason, by=by, at=now
        )
    )
    facts = {"from": before, "to": to, "cause": cause, "reason": reason}
    audit.note(session, at=now, actor=by, act="hand_over", subject=duty.key, facts=facts)
