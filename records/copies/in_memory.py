"""A database that lives in memory alone: kept and put back in a moment, and read row by row without ceremony."""

from __future__ import annotations

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from records.sealing.vault import Vault
from records.store import Store
from records.tables.every import Base

Line = tuple[Any, ...]


class InMemoryStore(Store):
    """For trying out many thousand courses of events: for one thread, and nothing outlives it.

    ``keep`` and ``put_back`` take and restore the whole database within a fraction of a millisecond.
    """

    def __init__(self, *, vault: Vault, home: Path) -> None:
        super().__init__("sqlite://", vault=vault, home=home)
        Base.metadata.create_all(self.engine)
        self._connection = self._only_connection()

    def _only_connection(self) -> SqliteConnection:
        """The pool of a database in memory has one for each thread, and hands it out again and again."""
        pooled = self.engine.raw_connection()
        try:
            connection = pooled.driver_connection
            assert isinstance(connection, SqliteConnection)
            return connection
        finally:
            pooled.close()

    def keep(self) -> bytes:
        """All that is in it, byte for byte."""
        return self._connection.serialize()

    def put_back(self, kept: bytes) -> None:
        """As it was when it was kept."""
        self._connection.deserialize(kept)
        self._settled.clear()

    @property
    def changes(self) -> int:
        """How many rows were ever changed here: the same number means that nothing was."""
        return self._connection.total_changes

    def lines(self, table: str, columns: str, *, after: int = 0) -> list[Line]:
        """The columns of every row in the order of their keys, as SQLite keeps them; ``after`` skips the first."""
        wanted = f"SELECT {columns} FROM {table} WHERE rowid > ? ORDER BY rowid"
        return self._connection.execute(wanted, (after,)).fetchall()

    def everything(self) -> dict[str, list[Line]]:
        """Every row of every table."""
        return {table.name: self.lines(table.name, "*") for table in Base.metadata.sorted_tables}
