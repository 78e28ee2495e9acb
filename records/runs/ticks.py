"""When the tick was last through, by the host's clock: for whoever watches the machine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from records.tables.runs import TickRow


def note_tick(session: Session, *, host_now: datetime) -> None:
    row = session.get(TickRow, 1)
    if row is None:
        session.add(TickRow(id=1, ended_at=host_now))
    else:
        row.ended_at = host_now


def last_tick(session: Session) -> datetime | None:
    """None before the first one."""
    row = session.get(TickRow, 1)
    return row.ended_at if row else None
