"""Absences: who is away on which days and who stands in; ended early, never deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.tables.columns import Base, Key
from rules.duties.absences import Absence


class AbsenceRow(Base):
    """Somebody is away from the first to the last day (ISO dates, both included); it is only ever ended."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_last_day", "last_day"),
        Index("ix_absence_person_id", "person_id"),
    )
    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    deputy: Mapped[str] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[str]
    last_day: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """When it was ended before its last day was over, or called off before its first."""


def as_rule(row: AbsenceRow) -> Absence:
    """The absence as the rules see one."""
    days = (date.fromisoformat(day) for day in (row.first_day, row.last_day))
    return Absence(row.person_id, row.deputy, *days)


def absences_on(session: Session, day: date) -> list[AbsenceRow]:
    """Those that stand on a day, in the order in which they were recorded."""
    standing = AbsenceRow.ended_at.is_(None) & (AbsenceRow.last_day >= day.isoformat())
    wanted = select(AbsenceRow).where(standing, AbsenceRow.first_day <= day.isoformat())
    return list(session.scalars(wanted.order_by(AbsenceRow.id)))


def away_on(session: Session, day: date) -> dict[str, str]:
    """Everybody away on a day -> who stands in for them; mostly empty."""
    return {row.person_id: row.deputy for row in absences_on(session, day)}


def absences_to_come(session: Session, day: date) -> list[AbsenceRow]:
    """Those that begin after a day."""
    wanted = select(AbsenceRow).where(
        AbsenceRow.ended_at.is_(None),
        AbsenceRow.last_day >= day.isoformat(),
        AbsenceRow.first_day > day.isoformat(),
    )
    return list(session.scalars(wanted.order_by(AbsenceRow.first_day, AbsenceRow.id)))


def standing_absences(session: Session, people: Collection[str], day: date) -> list[AbsenceRow]:
    """Those of these people that stand on a day or later, the first to begin first."""
    wanted = select(AbsenceRow).where(
        AbsenceRow.person_id.in_(people),
        AbsenceRow.ended_at.is_(None),
        AbsenceRow.last_day >= day.isoformat(),
    )
    return list(session.scalars(wanted.order_by(AbsenceRow.first_day, AbsenceRow.id)))


def absences_of(session: Session, person_id: str) -> list[AbsenceRow]:
    """Every absence of somebody, ended ones too, the latest first."""
    wanted = select(AbsenceRow).where(AbsenceRow.person_id == person_id)
    return list(session.scalars(wanted.order_by(AbsenceRow.first_day.desc(), AbsenceRow.id.desc())))


def lock_absence(session: Session, absence_id: int) -> AbsenceRow | None:
    """An absence as it stands now, kept from everybody else until the transaction ends."""
    return session.get(AbsenceRow, absence_id, with_for_update=True, populate_existing=True)
