"""A database as parts: every table's rows as lines of JSON, the same from SQLite and from PostgreSQL.

The columns come from the database itself, not from the code, so that a database of an older version
is read as it is.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

AT_ONCE = 200
FILES_AT_ONCE = 8
"""An upload may have fifteen megabytes, and all rows of a batch are in memory together."""
NOT_OURS = "alembic_version"
"""Alembic's own note of the revision; the manifest says it."""


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One point in time for everything read inside, while others go on writing.

    SQLite in WAL mode gives that to every transaction, PostgreSQL from REPEATABLE READ on.
    """
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        yield connection


def tables_of(connection: Connection) -> list[Table]:
    """The tables of the business as they are in the database, parents before children."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name != NOT_OURS)
    for table in found.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return found.sorted_tables


def is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()


def lines_from(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row in order of its key: a JSON list of its columns, ended by a line feed."""
    yield _line([column.name for column in table.columns])
    rows = connection.execute(
        select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": _at_once(table)}
    )
    with rows:
        for row in rows:
            yield _line(map(_plain, row))


def lines_into(connection: Connection, table: Table, lines: Iterator[bytes]) -> int:
    """Insert what ``lines_from`` wrote; how many rows."""
    names = json.loads(next(lines))
    columns = [table.columns[name] for name in names]
    rows = (
        {name: _lively(column.type, value) for name, column, value in zip(names, columns, row, strict=True)}
        for row in map(json.loads, lines)
    )
    count = 0
    while batch := list(islice(rows, _at_once(table))):
        connection.execute(insert(table), batch)
        count += len(batch)
    _count_on(connection, table)
    return count


def _at_once(table: Table) -> int:
    return FILES_AT_ONCE if any(isinstance(one.type, LargeBinary) for one in table.columns) else AT_ONCE


def _line(values: Iterable[object]) -> bytes:
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        # SQLite keeps instants in UTC without saying so (records.tables.columns.Instant).
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _lively(kind: TypeEngine[Any], value: object) -> object:
    if isinstance(kind, DateTime) and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, Date) and isinstance(value, str):
        return date.fromisoformat(value)
    return b64decode(value) if isinstance(kind, LargeBinary) and isinstance(value, str) else value


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL give the next row the next number; SQLite sees it by itself."""
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1:
        return
    sequence = connection.scalar(
        text("SELECT pg_get_serial_sequence(:table, :key)"), {"table": table.name, "key": keys[0].name}
    )
    if sequence is not None:
        last = connection.scalar(select(func.coalesce(func.max(keys[0]), 0)))
        connection.execute(
            text("SELECT setval(:sequence, :last, :used)"),
            {"sequence": sequence, "last": max(last or 0, 1), "used": bool(last)},
        )
