"""Who gave points to villages, let them pass, or saw them on the spot: none of them decides about their money."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from records.tables.review import DecisionRow, GateRow, ScoreRow, VisitRow
from records.tables.visits import VisitSignatureRow
from rules.review.gates import SCORING


def scorers_of(session: Session, campaign_id: str, villages: Collection[str]) -> frozenset[str]:
    """The ids of all who had a part in the score of one of ``villages``: by a sheet, the town's too, by the
    decision on a review, or by what was seen in the village, written or signed.
    """
    found = (session.execute(one) for one in _parts(campaign_id, villages))
    return frozenset(who for rows in found for row in rows for who in row if who)


def _parts(campaign_id: str, villages: Collection[str]) -> Iterator[Select[*tuple[Any, ...]]]:
    scored = (ScoreRow.campaign_id == campaign_id) & ScoreRow.village_code.in_(villages)
    yield select(ScoreRow.scored_by).where(scored, ScoreRow.party != "final")
    visited = (VisitRow.campaign_id == campaign_id) & VisitRow.village_code.in_(villages)
    yield select(VisitRow.visited_by).where(visited)
    signed = select(VisitSignatureRow.person_id).join(VisitRow, VisitRow.id == VisitSignatureRow.visit_id)
    yield signed.where(visited)
    judged = (GateRow.campaign_id == campaign_id) & GateRow.village_code.in_(villages)
    decided = select(DecisionRow.person_id, DecisionRow.recorded_by).join(
        GateRow, GateRow.id == DecisionRow.gate_id
    )
    yield decided.where(judged, GateRow.name.in_(SCORING))
