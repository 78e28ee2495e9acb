"""What the checks found in uploads."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.tables.dossiers import FindingRow
from rules.dossiers.dossier import Finding


def findings_of(session: Session, upload_id: int) -> list[FindingRow]:
    """In the order in which the checks named them."""
    wanted = select(FindingRow).where(FindingRow.upload_id == upload_id).order_by(FindingRow.position)
    return list(session.scalars(wanted))


def as_rule(row: FindingRow) -> Finding:
    """The finding as the rules see one."""
    return Finding(row.code, row.severity, row.sheet, row.ref, row.message)


def sheets_with_errors(session: Session, upload_id: int) -> list[str]:
    """Titles of the sheets that keep an upload from being accepted, in the order of the findings."""
    wrong = (one.sheet for one in findings_of(session, upload_id) if one.severity == "error" and one.sheet)
    return list(dict.fromkeys(wrong))


def count_errors(session: Session, upload_id: int) -> int:
    """How many of an upload's findings keep it from being accepted."""
    mine = (FindingRow.upload_id == upload_id) & (FindingRow.severity == "error")
    return session.scalar(select(func.count()).select_from(FindingRow).where(mine)) or 0
