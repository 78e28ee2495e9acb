"""Requests of towns for more time: asked once at a time, answered by a coordinator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.tables.all_tables import DutyRow
from records.tables.columns import Base, Key


class ExtensionRequestRow(Base):
    """A town asks for a later date; ``answer`` is granted or refused once a coordinator has said so."""

    __tablename__ = "extension_request"
    id: Mapped[Key]
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    wanted_due: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")
    """What the coordinator said with the answer."""


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
