"""Handovers: a duty passed from one person to another, by escalation, by absence or by the coordinator."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.duties import DutyRow, HandoverRow
from records.tables.review import DecisionRow

ESCALATED, REASSIGNED, AWAY = "escalated", "reassigned", "away"


def handovers_of(session: Session, duty: DutyRow) -> list[HandoverRow]:
    """In the order in which they happened."""
    wanted = select(HandoverRow).where(HandoverRow.duty_id == duty.id).order_by(HandoverRow.id)
    return list(session.scalars(wanted))


def held_by(session: Session, duty: DutyRow) -> set[str]:
    """Everybody who has held the duty, its present holder included."""
    return {duty.person_id, *(row.from_person for row in handovers_of(session, duty))}


def kept_silent(session: Session, duty: DutyRow) -> list[str]:
    """From whom it passed on only because they did not answer; they still may."""
    return [row.from_person for row in handovers_of(session, duty) if row.cause == ESCALATED]


def was_taken(session: Session, duty: DutyRow, person_id: str) -> bool:
    """Whether it passed from this person to another for any other cause than their silence."""
    return any(row.from_person == person_id and row.cause != ESCALATED for row in handovers_of(session, duty))


def count_deputised(session: Session, campaign_id: str) -> int:
    """Decisions made by somebody to whom the seat had passed by escalation."""
    escalated = session.execute(
        select(HandoverRow.to_person, DutyRow.facts)
        .join(DutyRow, DutyRow.id == HandoverRow.duty_id)
        .where(DutyRow.campaign_id == campaign_id, HandoverRow.cause == ESCALATED)
    )
    decided = {
        (person, gate) for person, gate in session.execute(select(DecisionRow.person_id, DecisionRow.gate_id))
    }
    return sum((person, facts.get("gate_id")) in decided for person, facts in escalated)


def newest_from(session: Session, duties: Sequence[DutyRow], person_id: str) -> HandoverRow | None:
    """How the last of these duties left a person; None where they have never held one."""
    mine = HandoverRow.duty_id.in_([duty.id for duty in duties]) & (HandoverRow.from_person == person_id)
    wanted = select(HandoverRow).where(mine).order_by(HandoverRow.id.desc()).limit(1)
    return session.scalar(wanted) if duties else None
