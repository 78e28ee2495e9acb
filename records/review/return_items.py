"""What a return asks the town to put right, item by item."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.tables.columns import Base


class ReturnItemRow(Base):
    """One item of a decision that returned a dossier; append-only like the decision."""

    __tablename__ = "return_item"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str]
    """An indicator or a form (rules.review.returns.subjects); empty for neither."""
    sentence: Mapped[str] = mapped_column(Text)


def items_of(session: Session, decisions: Iterable[int]) -> dict[int, list[ReturnItemRow]]:
    """Decision -> its items in order; decisions made before there were items have none."""
    wanted = select(ReturnItemRow).where(ReturnItemRow.decision_id.in_(list(decisions)))
    found: dict[int, list[ReturnItemRow]] = {}
    for row in session.scalars(wanted.order_by(ReturnItemRow.decision_id, ReturnItemRow.position)):
        found.setdefault(row.decision_id, []).append(row)
    return found
