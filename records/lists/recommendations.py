"""The ranking of recognised villages as it was put before the bureau."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.lists import RecommendationRow
from records.tables.review import GateRow


def ranking_shown(session: Session, gate: GateRow) -> list[RecommendationRow]:
    """The ranking that one attempt showed, best first."""
    mine = RecommendationRow.gate_id == gate.id
    return list(session.scalars(select(RecommendationRow).where(mine).order_by(RecommendationRow.rank)))


def ranking_of(session: Session, campaign_id: str) -> list[RecommendationRow]:
    """The newest ranking, best first; empty before the first."""
    mine = (GateRow.campaign_id == campaign_id) & (GateRow.name == "recommendation")
    newest = session.scalar(select(GateRow).where(mine).order_by(GateRow.attempt.desc()).limit(1))
    return ranking_shown(session, newest) if newest else []
