"""Databases as they stand at a point of a campaign, prepared once in a process and copied for each test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from records.store import Store
from records.tables.every import Base

Lay = Callable[[Any], object]
Steps = Mapping[str, Callable[[Store], object]]
"""Scene -> what leads to it from the one before."""

TABLES = [table.name for table in Base.metadata.sorted_tables]
COUNTED = [
    (table.name, counter.name)
    for table in Base.metadata.sorted_tables
    if (counter := table.autoincrement_column) is not None
]
"""(table, column) of the numbers that a database gives by itself."""


class Scenes:
    """Copies of databases by scene, kind of database and key."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Lay] = {}
        self._reached = WeakKeyDictionary[Store, tuple[str, ...]]()

    def bring(self, store: Store, steps: Steps) -> None:
        """The store, still empty, to the last of these scenes."""
        names = tuple(steps)
        known = [name for name in names if self._place(store, name) in self._kept]
        if known:
            with driver_of(store) as connection:
                self._kept[self._place(store, known[-1])](connection)
        for name in names[len(known) :]:
            steps[name](store)
            with driver_of(store) as connection:
                self._kept[self._place(store, name)] = copied(connection)
        self._reached[store] = names

    def has_reached(self, store: Store, name: str) -> bool:
        return name in self._reached.get(store, ())

    def _place(self, store: Store, name: str) -> tuple[str, str, str]:
        return name, store.engine.dialect.name, store.vault.fingerprint()


@contextmanager
def driver_of(store: Store) -> Iterator[Any]:
    """The connection of the database's own driver."""
    with closing(store.engine.raw_connection()) as connection:
        yield connection.driver_connection


def copied(connection: Any) -> Lay:
    """A copy of this database, as what lays it over an empty one of the same tables."""
    return (
        copied_sqlite(connection) if isinstance(connection, sqlite3.Connection) else copied_schema(connection)
    )


def copied_sqlite(connection: sqlite3.Connection) -> Lay:
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    connection.backup(memory)
    return memory.backup


numbers = count(1)


def copied_schema(connection: Any) -> Lay:
    """Copies stand in schemas beside that of the tests and are named after it: they go when it goes."""
    [here] = connection.execute("SELECT current_schema()").fetchone()
    schema = f"{here}_{next(numbers)}"
    filled = [name for name in TABLES if connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()]
    connection.execute(f"CREATE SCHEMA {schema}")
    for name in filled:
        connection.execute(f'CREATE TABLE {schema}."{name}" AS TABLE "{name}"')
    statements = [f'INSERT INTO "{name}" SELECT * FROM {schema}."{name}"' for name in filled]
    statements += [
        f"SELECT {given(connection, table, column)}" for table, column in COUNTED if table in filled
    ]
    connection.commit()
    return lambda there: (there.execute("; ".join(statements)), there.commit())


def given(connection: Any, table: str, column: str) -> str:
    """What sets the counter of this column to where it is now."""
    [name] = connection.execute("SELECT pg_get_serial_sequence(%s, %s)", (table, column)).fetchone()
    last, called = connection.execute(f"SELECT last_value, is_called FROM {name}").fetchone()
    return f"setval(pg_get_serial_sequence('{table}', '{column}'), {last}, {str(called).lower()})"
