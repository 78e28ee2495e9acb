"""Extensions that were granted."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.duties import ExtensionRow


def extensions_of(session: Session, duty_id: int) -> list[ExtensionRow]:
    """In the order in which they were granted."""
    mine = ExtensionRow.duty_id == duty_id
    return list(session.scalars(select(ExtensionRow).where(mine).order_by(ExtensionRow.id)))
