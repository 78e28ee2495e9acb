"""Papers that a campaign produced."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.lists import DocumentRow


def documents_of(session: Session, campaign_id: str) -> list[DocumentRow]:
    """The newest first."""
    wanted = select(DocumentRow).where(DocumentRow.campaign_id == campaign_id)
    return list(session.scalars(wanted.order_by(DocumentRow.made_at.desc(), DocumentRow.key)))
