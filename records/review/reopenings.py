"""What was decided anew: gates asked once more, stages closed early or opened again, each with its reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.tables.all_tables import GateRow, StageRow
from records.tables.columns import Base, Key

CLOSED, REOPENED = "closed", "reopened"


class ReopeningRow(Base):
    """A gate's attempt that was followed by another one because somebody said so; append-only."""

    __tablename__ = "reopening"
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), primary_key=True)
    next_gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class StageChangeRow(Base):
    """A stage closed before its date, or opened again until another one; append-only."""

    __tablename__ = "stage_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "stage"], ["stage.campaign_id", "stage.name"], name="fk_stage_change_stage"
        ),
        Index("ix_stage_change_campaign_id_stage", "campaign_id", "stage"),
    )
    id: Mapped[Key]
    campaign_id: Mapped[str]
    stage: Mapped[str]
    act: Mapped[str]
    """closed or reopened."""
    lock_before: Mapped[datetime]
    lock_after: Mapped[datetime]
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


def reopening_of(session: Session, gate: GateRow) -> ReopeningRow | None:
    """Why this attempt was followed by another; None when it was not, or by itself."""
    return session.get(ReopeningRow, gate.id)


def changes_of(session: Session, stage: StageRow) -> list[StageChangeRow]:
    """In the order in which they were made."""
    mine = (StageChangeRow.campaign_id == stage.campaign_id) & (StageChangeRow.stage == stage.name)
    return list(session.scalars(select(StageChangeRow).where(mine).order_by(StageChangeRow.id)))


def is_reopened(session: Session, stage: StageRow) -> bool:
    """Whether the stage is open because somebody opened it again."""
    changes = changes_of(session, stage)
    return bool(changes) and changes[-1].act == REOPENED
