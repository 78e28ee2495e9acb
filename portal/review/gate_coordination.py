"""What a gate's page shows besides the case: answers by telephone, objections, and asking once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.review import reopening
from actions.review.recorded_answers import object_until, seats_asked
from actions.runs.why_waiting import why_owed
from portal.web.request import Asked
from records.review.gates import seat_duties
from records.review.objections import objections_at
from records.review.reopenings import reopening_of
from records.store import Session
from records.tables.review import DecisionRow, GateRow, ObjectionRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that a coordinator wrote down, until when it may be objected to, and the objection."""

    decision: DecisionRow
    until: datetime
    objection: ObjectionRow | None


def coordination_of(
    session: Session, campaign: Campaign, gate: GateRow, asked: Asked, decisions: Sequence[DecisionRow]
) -> Mapping[str, Any]:
    recorded = recorded_at(session, campaign, gate, decisions)
    planned = (
        reopening.preview(session, gate) if asked.may("gate.reopen") and gate.state == "closed" else None
    )
    seats = seats_asked(session, gate) if asked.may("gate.record_phone") and gate.state == "open" else {}
    return {
        "whys": [
            why_owed(session, campaign, duty, now=asked.now)
            for duty in seat_duties(session, gate).values()
            if duty.state == "open"
        ]
        if asked.may("board.read")
        else [],
        "recorded": recorded,
        "mine_recorded": _mine(recorded, asked),
        "reopened": reopening_of(session, gate),
        "reopening": planned,
        "may_not_reopen": planned.reason if isinstance(planned, Refused) else "",
        "phone_seats": {seat: person for seat, person in seats.items() if person != asked.person.id},
        "typed": {name: asked.field(name) for name in ("person", "call_note", "words", "why_again")},
    }


def recorded_at(
    session: Session, campaign: Campaign, gate: GateRow, decisions: Sequence[DecisionRow]
) -> dict[int, Recorded]:
    """Decision -> how it was recorded, of those at this gate that came by telephone."""
    by_phone = [one for one in decisions if one.recorded_by]
    objections = objections_at(session, gate) if by_phone else {}
    return {
        one.id: Recorded(one, object_until(session, campaign, one), objections.get(one.id))
        for one in by_phone
    }


def _mine(recorded: Mapping[int, Recorded], asked: Asked) -> Recorded | None:
    """An answer recorded in this person's name to which they may still object."""
    return next(
        (
            one
            for one in recorded.values()
            if one.decision.person_id == asked.person.id and one.objection is None and asked.now <= one.until
        ),
        None,
    )
