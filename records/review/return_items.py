"""What a return asks the town to put right, item by item."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.review import ReturnItemRow


def items_of(session: Session, decisions: Iterable[int]) -> dict[int, list[ReturnItemRow]]:
    """Decision -> its items in order; decisions made before there were items have none."""
    wanted = select(ReturnItemRow).where(ReturnItemRow.decision_id.in_(list(decisions)))
    found: dict[int, list[ReturnItemRow]] = {}
    for row in session.scalars(wanted.order_by(ReturnItemRow.decision_id, ReturnItemRow.position)):
        found.setdefault(row.decision_id, []).append(row)
    return found
