"""Whether the database can be written to just now, and whether the clock went back behind what it holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from records import clock
from records.faults import Kind, kind_of
from records.runs.ticks import last_tick
from records.store import Session, open_engine
from records.tables.upkeep import AuditHeadRow, AuditRow

SHORT_MS = 2_000
"""So long another act may keep the database from us before that is a trouble."""


def why_unwritable(url: str) -> Kind | None:
    """Why no act could be written now; None when one could. Changes nothing."""
    engine = open_engine(url)
    try:
        with engine.execution_options(hqe_begin="SELECT 1").connect() as connection:
            _try_writing(connection)
            connection.rollback()
    except DBAPIError as error:
        return kind_of(error) or "unusable"
    finally:
        engine.dispose()
    return None


def _try_writing(connection: Connection) -> None:
    """As every act does: take the one turn that SQLite gives, or the head of the audit chain that all need."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA busy_timeout={SHORT_MS}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        # A new page for a moment: a full disk shows only when something is written.
        connection.exec_driver_sql("CREATE TABLE hqe_condition (filler TEXT)")
        connection.exec_driver_sql("ROLLBACK")
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout={SHORT_MS}")
    connection.execute(select(AuditHeadRow.id).with_for_update())


def clock_went_back(session: Session, *, now: datetime, host_now: datetime) -> timedelta:
    """How much earlier it is than the newest instant that was noted as past; nothing when it is not."""
    noted, ticked = session.scalar(select(func.max(AuditRow.at))), last_tick(session)
    behind: list[timedelta] = [noted - now] if noted else []
    behind += [ticked - host_now] if ticked and not clock.is_simulated(session) else []
    return max(timedelta(0), *behind, timedelta(0))
