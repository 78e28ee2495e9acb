"""Visits: what was seen in a village."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.review import VisitRow


def visits_to(session: Session, campaign_id: str, village_code: str) -> list[VisitRow]:
    """All visits to a village, the newest last."""
    mine = (VisitRow.campaign_id == campaign_id) & (VisitRow.village_code == village_code)
    return list(session.scalars(select(VisitRow).where(mine).order_by(VisitRow.id)))
