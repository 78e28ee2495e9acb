"""What was decided anew: gates asked once more, stages closed early or opened again, each with its reason."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.campaign import StageChangeRow, StageRow
from records.tables.review import GateRow, ReopeningRow

CLOSED, REOPENED = "closed", "reopened"


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
