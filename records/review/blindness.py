"""Who must not learn yet what the first review of a village came to: whoever gives the second one now."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.review.assignments import assigned_to_gate
from records.tables.campaign import VillageRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow

ENDED = ("recognised", "not_recognised", "vetoed", "lapsed")
"""States of a village in which nobody is asked for a second review any more."""
TELLING = frozenset({"reason", "reasons", "words", "note", "outcome", "answer"})
"""Facts of a message in which somebody's judgement may stand."""


def sealed_from(session: Session, person_id: str) -> frozenset[str]:
    """Subjects (campaign/village) of whose first review this person must learn nothing yet.

    Nobody knows who an empty id is: every village that is reviewed a second time now.
    """
    return frozenset(
        gate.subject
        for gate in _second_reviews(session)
        if not person_id or person_id in assigned_to_gate(session, gate)
    )


def _second_reviews(session: Session) -> list[GateRow]:
    """The newest attempt about each village, where it is open, or was overtaken and is to be asked anew."""
    wanted = select(GateRow).where(GateRow.name == "second_review").order_by(GateRow.attempt)
    newest = {gate.subject: gate for gate in session.scalars(wanted)}
    return [gate for gate in newest.values() if gate.state == "open" or _is_awaited(session, gate)]


def _is_awaited(session: Session, gate: GateRow) -> bool:
    village = session.get_one(VillageRow, (gate.campaign_id, gate.village_code))
    return gate.state == "superseded" and village.state not in ENDED


def is_secret(gate: GateRow, sealed: frozenset[str]) -> bool:
    """Whether what was said at this gate is, or rests on, a first review that must not be known yet."""
    return gate.subject in sealed and gate.name != "second_review"


def is_withheld(session: Session, row: OutboxRow, *, sealed: Mapping[str, str], reader: str) -> bool:
    """Whether the text of a message may tell of a sealed village (subject -> its name); one's own is known.

    A digest says what the messages say that it tells.
    """
    if not sealed:
        return False
    within = session.scalars(select(OutboxRow).where(OutboxRow.digest == row.key))
    return any(_tells(one, sealed=sealed, reader=reader) for one in (row, *within))


def _tells(row: OutboxRow, *, sealed: Mapping[str, str], reader: str) -> bool:
    if row.person_id == reader or TELLING.isdisjoint(row.facts):
        return False
    said = [row.key, *(str(value) for value in row.facts.values())]
    marks = {mark for subject, name in sealed.items() for mark in (subject.rpartition("/")[2], name)}
    return any(mark in one for mark in marks for one in said)


def sealed_names(session: Session, person_id: str) -> dict[str, str]:
    """The subjects of ``sealed_from``, each with the name of its village."""
    return {
        subject: session.get_one(VillageRow, tuple(subject.split("/"))).name
        for subject in sealed_from(session, person_id)
    }
