"""Objections: somebody says that an answer recorded in their name was not theirs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.review import DecisionRow, GateRow, ObjectionRow


def objections_at(session: Session, gate: GateRow) -> dict[int, ObjectionRow]:
    """Decision -> the objection to it, of one attempt of a gate."""
    mine = select(ObjectionRow).join(DecisionRow, DecisionRow.id == ObjectionRow.decision_id)
    found = session.scalars(mine.where(DecisionRow.gate_id == gate.id))
    return {row.decision_id: row for row in found}
