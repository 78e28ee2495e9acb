"""The only clock of the business: real, or simulated for a rehearsal (a row, so all processes agree)."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from records.store import Store
from records.tables.campaign import ClockRow


def now(store: Store) -> datetime:
    """The business time in UTC."""
    with store.reading() as session:
        return read(session)


def read(session: Session) -> datetime:
    row = session.get(ClockRow, 1)
    if row is None or row.now is None:
        return datetime.now(UTC)
    return row.now


def host_now() -> datetime:
    """The host's clock, for leases, backoff, codes and rate limits."""
    return datetime.now(UTC)


def is_simulated(session: Session) -> bool:
    row = session.get(ClockRow, 1)
    return row is not None and row.simulated


def simulate(store: Store, moment: datetime) -> None:
    """Set the simulated clock; it never goes back."""
    with store.writing() as session:
        row = session.get(ClockRow, 1)
        if row is None:
            session.add(ClockRow(id=1, simulated=True, now=moment))
        elif row.now is None or row.now < moment:
            row.now = moment
