"""Absences: who is away on which days and who stands in; ended early, never deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.locks import locked
from records.tables.duties import AbsenceRow
from rules.duties.absences import Absence


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
    return locked(session, AbsenceRow, absence_id)
