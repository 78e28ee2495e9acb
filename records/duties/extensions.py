"""Extensions that were granted, and requests for them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.duties import DutyRow, ExtensionRequestRow, ExtensionRow

EXTENDABLE = ("open", "lapsed")
"""States of a duty that can be given more time."""


def extensions_of(session: Session, duty_id: int) -> list[ExtensionRow]:
    """In the order in which they were granted."""
    mine = ExtensionRow.duty_id == duty_id
    return list(session.scalars(select(ExtensionRow).where(mine).order_by(ExtensionRow.id)))


def requests_of(session: Session, duty_id: int) -> list[ExtensionRequestRow]:
    """In the order in which they were asked."""
    mine = ExtensionRequestRow.duty_id == duty_id
    return list(session.scalars(select(ExtensionRequestRow).where(mine).order_by(ExtensionRequestRow.id)))


def is_waiting(request: ExtensionRequestRow, duty: DutyRow) -> bool:
    """Whether somebody has to answer it: not once its duty has ended, nor once it is due no earlier than was asked."""
    return request.answer is None and duty.state in EXTENDABLE and request.wanted_due > duty.due_at


def waiting_request(session: Session, duty: DutyRow) -> ExtensionRequestRow | None:
    """The one request about a duty that somebody has to answer."""
    return next((one for one in requests_of(session, duty.id) if is_waiting(one, duty)), None)


def unanswered_requests(
    session: Session, campaign_id: str, *, town_code: str = ""
) -> list[tuple[ExtensionRequestRow, DutyRow]]:
    """Requests that wait for the coordinator, the oldest first, each with its duty."""
    wanted = (
        select(ExtensionRequestRow, DutyRow)
        .join(DutyRow, DutyRow.id == ExtensionRequestRow.duty_id)
        .where(
            DutyRow.campaign_id == campaign_id,
            DutyRow.state.in_(EXTENDABLE),
            DutyRow.due_at < ExtensionRequestRow.wanted_due,
            ExtensionRequestRow.answer.is_(None),
        )
        .order_by(ExtensionRequestRow.id)
    )
    if town_code:
        wanted = wanted.where(DutyRow.town_code == town_code)
    return [(request, duty) for request, duty in session.execute(wanted)]
