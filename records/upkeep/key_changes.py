"""Changes of the master key: which key took over from which, and whether everything has been sealed anew."""

from __future__ import annotations

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from records.tables.upkeep import KeyChangeRow


def unfinished(session: Session) -> KeyChangeRow | None:
    """The change that is under way or stopped halfway; there is never more than one.

    A database of an older version, which is backed up before it is upgraded, knows no changes.
    """
    if not inspect(session.connection()).has_table(KeyChangeRow.__tablename__):
        return None
    return session.scalar(select(KeyChangeRow).where(KeyChangeRow.finished_at.is_(None)))


def last(session: Session) -> KeyChangeRow | None:
    """The newest change that was finished."""
    done = select(KeyChangeRow).where(KeyChangeRow.finished_at.is_not(None))
    return session.scalar(done.order_by(KeyChangeRow.id.desc()).limit(1))
