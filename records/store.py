"""The shared database: opened once per process, written to in short transactions."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache

from records.faults import Unwritten, code_of, why_not
from records.sealing.vault import VAULT, Vault

__all__ = [
    "SETTLED",
    "Session",
    "Store",
    "Unwritten",
    "file_of",
    "is_reachable",
    "open_engine",
    "repeatable",
    "shown",
]

log = logging.getLogger("hqe.store")

BUSY_TIMEOUT_MS = 30_000
COMPILED = 1_000
"""Statements that are kept compiled for one kind of database."""
SETTLED = "settled"
"""What a reading session knows of rows that never change, kept from one session to the next. A writing one
knows nothing: what it sees may be taken back."""


PAUSES_S = (0.02, 0.05, 0.1, 0.2, 0.4)
"""How long at most an act waits before it is run again: a random part, so that two do not meet once more."""
FOR_A_MOMENT = frozenset(
    {
        "40P01",  # deadlock detected
        "40001",  # serialisation failure
        "55P03",  # lock not available
        "SQLITE_BUSY_SNAPSHOT",
        # Somebody else was first: run again, the act sees their row and says so.
        "23505",
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
    }
)
Given = ParamSpec("Given")
Done = TypeVar("Done")


SYNCHRONOUS = "synchronous"
"""Under which name a connection keeps how surely it writes."""


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
        self._noter = self.engine.execution_options(hqe_begin="BEGIN IMMEDIATE", hqe_synchronous="NORMAL")
        self._settled: dict[Any, Any] = {}

    @contextmanager
    def writing(self) -> Iterator[Session]:
        info = {VAULT: self.vault}
        with (
            _in_words(),
            Session(self._writer, expire_on_commit=False, info=info) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def noting(self) -> Iterator[Session]:
        """The same for what may be noted once more after the machine lost its power: nobody waits for the disk."""
        info = {VAULT: self.vault}
        with (
            _in_words(),
            Session(self._noter, expire_on_commit=False, info=info) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        info = {SETTLED: self._settled, VAULT: self.vault}
        with _in_words(), Session(self.engine, expire_on_commit=False, info=info) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def shown(url: str) -> str:
    """The URL as it may be printed and logged: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def open_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, foreign keys, busy timeout) or PostgreSQL."""
    if not url.startswith("sqlite"):
        return _knowing(create_engine(url, pool_size=5, max_overflow=20, pool_pre_ping=True))
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return _knowing(engine)


def _knowing(engine: Engine) -> Engine:
    """The engine with all statements that were compiled for another one of its kind: a copy, a forecast."""
    kind = engine.dialect.name if engine.dialect.name == "sqlite" else engine.url
    engine.update_execution_options(compiled_cache=_compiled(kind))
    if kind in _dialects:
        engine.dialect = _dialects[kind]
    else:
        # Only now, with its first connection, it knows its server.
        event.listen(engine, "connect", lambda *_: _dialects.setdefault(kind, engine.dialect), once=True)
    return engine


_dialects: dict[str | URL, Dialect] = {}
"""By kind of database; a statement is compiled for one dialect and found again for the same one only."""


@lru_cache(maxsize=16)
def _compiled(_kind: str | URL) -> LRUCache[Any, Any]:
    return LRUCache(COMPILED)


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
    wanted, lent = connection.get_execution_options().get("hqe_synchronous", "FULL"), connection.info
    if lent.get(SYNCHRONOUS, "FULL") != wanted:
        connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        lent[SYNCHRONOUS] = wanted
    connection.exec_driver_sql(connection.get_execution_options().get("hqe_begin", "BEGIN"))


def repeatable(act: Callable[Given, Done]) -> Callable[Given, Done]:
    """An act that is run whole again when the database refused it for a moment.

    An act is one transaction and reads all it needs inside it, so a second run starts from what is there
    then: it may find that somebody else was first, and refuse. Raises ``Unwritten`` when the database
    still will not go, or cannot.
    """

    @wraps(act)
    def run(*given: Given.args, **named: Given.kwargs) -> Done:
        for pause in PAUSES_S:
            try:
                return act(*given, **named)
            except (Unwritten, IntegrityError) as error:
                if not _is_momentary(error):
                    raise
            log.debug("%s runs again", act.__name__)
            time.sleep(random.uniform(0, pause))
        return act(*given, **named)

    return run


@contextmanager
def _in_words() -> Iterator[None]:
    """A database that does not go says why in a sentence; a fault of the program stays what it is."""
    try:
        yield
    except DBAPIError as error:
        why = why_not(error)
        if why:
            raise Unwritten(why) from error
        raise


def _is_momentary(error: Unwritten | IntegrityError) -> bool:
    """Whether the next try may go through; SQLite has waited for its turn long enough by itself."""
    cause = error.__cause__ if isinstance(error, Unwritten) else error
    assert isinstance(cause, DBAPIError)
    return code_of(cause) in FOR_A_MOMENT
