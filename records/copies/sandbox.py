"""A copy of the business in memory, to try out what would happen; nothing in it reaches the real database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, event, insert, select

from records.store import Store
from records.tables.every import Base

LEFT_BEHIND = frozenset(
    {
        "blob",
        "finding",
        "roster_person",
        "audit",
        "audit_head",
        "audit_seal",
        "approval_code",
        "invitation",
        "credential",
        "portal_session",
        "throttle",
        "public_objection",
        "visit_seed",
        "year_opening",
        "living_roster",
        "living_person",
        "roster_change",
        "roster_due",
        "roster_confirmation",
        "service",
    }
)
"""What no attempt needs and no copy should hold: sealed contents, personal data, the log, secrets,
and the year, for which no campaign waits."""


@contextmanager
def sandbox(store: Store) -> Iterator[Store]:
    """The rows as one moment saw them, in a database that ends with the block. Files stay sealed away."""
    copy = Store("sqlite://", vault=store.vault, home=store.home)
    event.listen(copy.engine, "connect", _without_foreign_keys)
    try:
        Base.metadata.create_all(copy.engine)
        with store.engine.connect() as source, copy.engine.begin() as target:
            _copy(_at_one_moment(source), target)
        yield copy
    finally:
        copy.close()


def _without_foreign_keys(connection: SqliteConnection, _record: object) -> None:
    """Rows point at what was left behind."""
    connection.execute("PRAGMA foreign_keys=OFF")


def _at_one_moment(source: Connection) -> Connection:
    """SQLite reads from one snapshot anyway."""
    if source.dialect.name == "postgresql":
        return source.execution_options(isolation_level="REPEATABLE READ")
    return source


def _copy(source: Connection, target: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name not in LEFT_BEHIND:
            rows = [dict(row) for row in source.execute(select(table)).mappings()]
            if rows:
                target.execute(insert(table), rows)
