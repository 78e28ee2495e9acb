"""Who gave points to villages, or saw them on the spot: none of them decides about their money."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.review import ScoreRow, VisitRow


def scorers_of(session: Session, campaign_id: str, villages: Collection[str]) -> frozenset[str]:
    """The ids of all who scored or visited one of ``villages``."""
    scored = select(ScoreRow.scored_by).where(
        ScoreRow.campaign_id == campaign_id,
        ScoreRow.village_code.in_(villages),
        ScoreRow.party.not_in(("town", "final")),
    )
    visited = select(VisitRow.visited_by).where(
        VisitRow.campaign_id == campaign_id, VisitRow.village_code.in_(villages)
    )
    return frozenset((*session.scalars(scored), *session.scalars(visited)))
