"""Objections: somebody says that an answer recorded in their name was not theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.tables.all_tables import DecisionRow, GateRow
from records.tables.columns import Base


class ObjectionRow(Base):
    """One objection to one recorded decision; append-only."""

    __tablename__ = "objection"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    at: Mapped[datetime]


def objections_at(session: Session, gate: GateRow) -> dict[int, ObjectionRow]:
    """Decision -> the objection to it, of one attempt of a gate."""
    mine = select(ObjectionRow).join(DecisionRow, DecisionRow.id == ObjectionRow.decision_id)
    found = session.scalars(mine.where(DecisionRow.gate_id == gate.id))
    return {row.decision_id: row for row in found}
