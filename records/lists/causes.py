"""Results from above, withdrawn titles, recoveries and corrections, as they were entered."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.lists import CauseRow
from rules.lists.results import Cause


def causes_of(session: Session, campaign_id: str, village_code: str = "") -> list[CauseRow]:
    """In the order in which they were entered; of one village or of all."""
    wanted = select(CauseRow).where(CauseRow.campaign_id == campaign_id).order_by(CauseRow.id)
    return list(
        session.scalars(wanted.where(CauseRow.village_code == village_code) if village_code else wanted)
    )


def causes_by_village(session: Session, campaign_id: str) -> defaultdict[str, tuple[Cause, ...]]:
    """Village code -> what was entered about it."""
    found: defaultdict[str, tuple[Cause, ...]] = defaultdict(tuple)
    for row in causes_of(session, campaign_id):
        found[row.village_code] += (Cause(row.id, row.level, row.kind, row.yuan),)
    return found
