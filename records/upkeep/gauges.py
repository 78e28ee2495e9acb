"""How much of everything there is, in numbers without a name: for whoever watches the machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from records import clock
from records.runs.ticks import last_tick
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from records.tables.runs import BellRow

Counted = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Gauges:
    """Ages in seconds; None where there is nothing to be old."""

    uploads: Counted
    """By state, of every campaign."""
    open_gates: Counted
    """By the gate's name."""
    open_duties: Counted
    """By kind."""
    outbox: Counted
    """By state."""
    waiting_bells: int
    oldest_unsent: float | None
    """How long the oldest message that should be out has waited, in business time."""
    last_tick: float | None


def read_gauges(session: Session, *, host_now: datetime) -> Gauges:
    now, ticked = clock.read(session), last_tick(session)
    due = OutboxRow.state.in_(("waiting", "claimed")) & (OutboxRow.not_before <= now)
    oldest = session.scalar(select(func.min(OutboxRow.not_before)).where(due))
    bells = select(func.count()).select_from(BellRow).where(BellRow.answered.is_(False))
    return Gauges(
        uploads=_count(session, UploadRow.state),
        open_gates=_count(session, GateRow.name, GateRow.state == "open"),
        open_duties=_count(session, DutyRow.kind, DutyRow.state == "open"),
        outbox=_count(session, OutboxRow.state),
        waiting_bells=session.scalar(bells) or 0,
        oldest_unsent=(now - oldest).total_seconds() if oldest else None,
        last_tick=(host_now - ticked).total_seconds() if ticked else None,
    )


def _count(session: Session, by: InstrumentedAttribute[str], *wanted: ColumnElement[bool]) -> Counted:
    counted = session.execute(select(by, func.count()).where(*wanted).group_by(by).order_by(by))
    return {row[0]: row[1] for row in counted}
