"""What was asked about one village, of the town and of the bureau, with when it was asked and answered."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.duties import DutyRow
from records.tables.review import GateRow


def gates_of(session: Session, campaign_id: str, village_code: str) -> list[GateRow]:
    """Every attempt at every gate about a village, in the order in which they were opened."""
    mine = (GateRow.campaign_id == campaign_id) & (GateRow.village_code == village_code)
    return list(session.scalars(select(GateRow).where(mine).order_by(GateRow.id)))


def corrections_of(session: Session, campaign_id: str, village_code: str) -> list[DutyRow]:
    """What the town was asked to correct and was not taken back."""
    return [
        one for one in _owed(session, campaign_id, village_code, "correction") if one.state != "cancelled"
    ]


def visits_owed(session: Session, campaign_id: str, village_code: str) -> list[DutyRow]:
    return [
        one
        for kind in ("visit", "signature")
        for one in _owed(session, campaign_id, village_code, kind)
        if one.state != "cancelled"
    ]


def _owed(session: Session, campaign_id: str, village_code: str, kind: str) -> list[DutyRow]:
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.village_code == village_code)
    return list(session.scalars(select(DutyRow).where(mine, DutyRow.kind == kind).order_by(DutyRow.id)))
