"""The ranking of recognised villages as it was put before the bureau."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import RecommendationRow


def ranking_of(session: Session, campaign_id: str) -> list[RecommendationRow]:
    """Best first."""
    mine = RecommendationRow.campaign_id == campaign_id
    return list(session.scalars(select(RecommendationRow).where(mine).order_by(RecommendationRow.rank)))
