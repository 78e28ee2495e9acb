"""A PostgreSQL database of one's own on somebody's server, made for a while and dropped again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.engine import make_url

from records.store import is_reachable, open_engine


def answers(url: str) -> bool:
    """Whether a server can be reached there."""
    engine = open_engine(url)
    try:
        return is_reachable(engine)
    finally:
        engine.dispose()


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """The address of a fresh, empty database beside the one that ``server`` names; gone when the block ends."""
    name = f"hqe_{uuid.uuid4().hex[:12]}"
    _run(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def end_connections(server: str) -> None:
    """End every other connection to a server, whatever it is doing."""
    _run(
        server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
    )


def _run(server: str, statement: str) -> None:
    engine = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
