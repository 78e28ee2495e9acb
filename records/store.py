"""The shared database: opened once per process, written to in short transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from records.sealing.vault import Vault

__all__ = ["SETTLED", "Session", "Store", "file_of", "is_reachable", "open_engine", "shown"]

BUSY_TIMEOUT_MS = 30_000
SETTLED = "settled"
"""What a reading session knows of rows that never change, kept from one session to the next. A writing one
knows nothing: what it sees may be taken back."""


class Store:
    """The database and the vault that belong together.

    ``writing`` is one transaction: on SQLite it begins with ``BEGIN IMMEDIATE`` so that two writers
    queue instead of failing, and it is committed when the block ends without an exception.
    """

    def __init__(self, url: str, *, vault: Vault, home: Path) -> None:
        self.home = home
        self.vault = vault
        self.engine = open_engine(url)
        self._writer = self.engine.execution_options(hqe_begin="BEGIN IMMEDIATE")
        self._settled: dict[Any, Any] = {}

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False, info={SETTLED: self._settled}) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def shown(url: str) -> str:
    """The URL as it may be printed and logged: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def open_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, foreign keys, busy timeout) or PostgreSQL."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=5, max_overflow=20, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_reachable(engine: Engine) -> bool:
    """Whether the database answers."""
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN is deferred and would hide ours.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        # What is deleted is overwritten, not only forgotten.
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("hqe_begin", "BEGIN"))
