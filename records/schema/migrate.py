"""Bring the database's schema to the newest version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from records.tables.every import Base

SCRIPTS = Path(__file__).parent / "migrations"
NEWEST = "head"


def migrate(engine: Engine) -> None:
    """Run every migration that the database has not seen."""
    with rebuilding(engine) as connection:
        migrate_to(connection, NEWEST)


def migrate_to(connection: Connection, revision: str) -> None:
    """Migrate inside the caller's transaction."""
    command.upgrade(_configuration(connection), revision)


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be rebuilt: all of it happens, or nothing.

    On SQLite a table that others refer to is rebuilt by dropping it, which its foreign keys would
    refuse; they are switched off, which only works outside a transaction, and checked at the end.
    """
    with engine.connect().execution_options(hqe_begin="BEGIN IMMEDIATE") as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        assert raw is not None
        if on_sqlite:
            raw.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if on_sqlite:
                    _refuse_orphans(connection)
        finally:
            if on_sqlite:
                raw.cursor().execute("PRAGMA foreign_keys=ON")


def _refuse_orphans(connection: Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        raise ValueError(f"rows that refer to nothing: {orphans[:5]}")


def revision_of(connection: Connection) -> str:
    """The schema's revision, empty for a database without one."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def known_revisions() -> list[str]:
    """Every revision that this version of the program can migrate from, the newest first."""
    return [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()]


def steps_from(revision: str) -> list[str]:
    """The revisions from this one to the newest, both included; empty for the newest."""
    known = known_revisions()
    return known[known.index(revision) :: -1] if revision != known[0] else []


def is_current(engine: Engine) -> bool:
    """Whether the database has seen every migration of this code, and none of a newer one."""
    with engine.connect() as connection:
        return revision_of(connection) == known_revisions()[0]


def differences(engine: Engine) -> list[object]:
    """How the database differs from the tables in code; empty when they agree."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def write_revision(engine: Engine, *, revision: str, message: str) -> None:
    """Draft a migration from the difference; for developers."""
    with engine.begin() as connection:
        command.revision(_configuration(connection), message, autogenerate=True, rev_id=revision)


def _configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config
