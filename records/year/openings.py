"""With what the year was opened; the newest opening counts."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.year import YearOpeningRow


def newest(session: Session) -> YearOpeningRow | None:
    return session.scalar(select(YearOpeningRow).order_by(YearOpeningRow.id.desc()).limit(1))


def digest_of(frozen: str) -> str:
    return hashlib.sha256(frozen.encode()).hexdigest()


def add(session: Session, row: YearOpeningRow) -> None:
    session.add(row)
    session.flush()
