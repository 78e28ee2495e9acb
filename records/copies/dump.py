"""Whole tables read row by row, for reports and comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.columns import Base
from records.tables.dossiers import FindingRow, UploadRow
from records.tables.duties import DutyRow, RungFireRow

Row = TypeVar("Row", bound=Base)
Line = list[Any]


def rows_of(session: Session, table: type[Row]) -> list[Row]:
    """Every row of a table, in no promised order."""
    return list(session.scalars(select(table)))


def lines_of(session: Session, table: type[Base], columns: Sequence[str]) -> list[Line]:
    """The named columns of every row."""
    return [[getattr(row, column) for column in columns] for row in rows_of(session, table)]


def rung_lines(session: Session) -> list[Line]:
    """Duty's key, generation, rung and moment of every rung that fired."""
    columns = (DutyRow.key, RungFireRow.generation, RungFireRow.rung, RungFireRow.fired_at)
    found = session.execute(select(*columns).join(DutyRow, DutyRow.id == RungFireRow.duty_id))
    return [list(line) for line in found]


def finding_lines(session: Session) -> list[Line]:
    """Upload's hash, position, code, cell and message of every finding."""
    columns = (UploadRow.sha256, FindingRow.position, FindingRow.code, FindingRow.ref, FindingRow.message)
    found = session.execute(select(*columns).join(UploadRow, UploadRow.id == FindingRow.upload_id))
    return [list(line) for line in found]
