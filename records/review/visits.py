"""Visits: what was seen in a village."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.duties import DutyRow
from records.tables.review import GateRow, VisitRow


def visits_to(session: Session, campaign_id: str, village_code: str) -> list[VisitRow]:
    """All visits to a village, the newest last."""
    mine = (VisitRow.campaign_id == campaign_id) & (VisitRow.village_code == village_code)
    return list(session.scalars(select(VisitRow).where(mine).order_by(VisitRow.id)))


def visit_states(session: Session, campaign_id: str) -> dict[str, str]:
    """Village -> the state of its visit's duty; one whose visit was never owed is not there."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.kind == "visit")
    found = session.execute(select(DutyRow.village_code, DutyRow.state).where(mine))
    return {row.village_code: row.state for row in found}


def vetoed_at_desk(session: Session, campaign_id: str) -> frozenset[str]:
    """Villages that a desk review vetoed, unless it was overtaken."""
    mine = (GateRow.campaign_id == campaign_id) & (GateRow.name == "desk_review")
    vetoed = mine & (GateRow.state == "closed") & (GateRow.answer == "veto")
    return frozenset(session.scalars(select(GateRow.village_code).where(vetoed)))
