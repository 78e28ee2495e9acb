"""The ranking of recognised villages as it was put before the bureau, and which villages a list names."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.lists.lists import payments_of
from records.tables.lists import DocumentRow, RecommendationRow
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


def sent_rankings(session: Session, campaign_id: str) -> list[RecommendationRow]:
    """All lines of the rankings that were approved and sent upward, one list after the other."""
    sent = select(DocumentRow.gate_id).where(DocumentRow.gate_id.is_not(None))
    wanted = (
        select(RecommendationRow)
        .join(GateRow, GateRow.id == RecommendationRow.gate_id)
        .where(GateRow.campaign_id == campaign_id, GateRow.id.in_(sent))
        .order_by(GateRow.attempt, RecommendationRow.rank)
    )
    return list(session.scalars(wanted))


def villages_on(session: Session, gate: GateRow) -> frozenset[str]:
    """Codes of all villages that a list, a ranking or payments, showed."""
    lines = ranking_shown(session, gate) if gate.name == "recommendation" else payments_of(session, gate)
    return frozenset(line.village_code for line in lines)
