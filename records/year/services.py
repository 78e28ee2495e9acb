"""Services as they were recorded, and those that stand."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from records.tables.year import ServiceRow


def add(session: Session, row: ServiceRow) -> None:
    session.add(row)
    session.flush()


def standing(session: Session, village_code: str, *, day: date | None = None) -> list[ServiceRow]:
    """The records of a village that none corrects, of a day or of all."""
    later = aliased(ServiceRow)
    wanted = (
        select(ServiceRow)
        .where(ServiceRow.village_code == village_code)
        .where(~select(later.id).where(later.corrects == ServiceRow.id).exists())
    )
    if day is not None:
        wanted = wanted.where(ServiceRow.day == day)
    return list(session.scalars(wanted.order_by(ServiceRow.day, ServiceRow.id)))
