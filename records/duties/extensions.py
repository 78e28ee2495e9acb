"""Extensions that were granted."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.duties import DutyRow, ExtensionRequestRow, ExtensionRow


def extensions_of(session: Session, duty_id: int) -> list[ExtensionRow]:
    """In the order in which they were granted."""
    mine = ExtensionRow.duty_id == duty_id
    return list(session.scalars(select(ExtensionRow).where(mine).order_by(ExtensionRow.id)))


def requests_of(session: Session, duty_id: int) -> list[ExtensionRequestRow]:
    """In the order in which they were asked."""
    mine = ExtensionRequestRow.duty_id == duty_id
    return list(session.scalars(select(ExtensionRequestRow).where(mine).order_by(ExtensionRequestRow.id)))


def unanswered_requests(
    session: Session, campaign_id: str, *, town_code: str = ""
) -> list[tuple[ExtensionRequestRow, DutyRow]]:
    """Requests that wait for the coordinator, the oldest first, each with its duty."""
    wanted = (
        select(ExtensionRequestRow, DutyRow)
        .join(DutyRow, DutyRow.id == ExtensionRequestRow.duty_id)
        .where(DutyRow.campaign_id == campaign_id, ExtensionRequestRow.answer.is_(None))
        .order_by(ExtensionRequestRow.id)
    )
    if town_code:
        wanted = wanted.where(DutyRow.town_code == town_code)
    return [(request, duty) for request, duty in session.execute(wanted)]
