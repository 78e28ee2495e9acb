"""Real databases for every test that asks: SQLite in a file, PostgreSQL in a schema of its own."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings
from sqlalchemy import Connection, event, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from records.schema import guards
from records.schema.migrate import migrate
from records.sealing.vault import Vault
from records.store import Store, open_engine
from records.tables.every import Base
from tests.order import pytest_xdist_make_scheduler
from tests.programs import (
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_runtest_protocol,
)
from tests.scenes import COUNTED, Scenes

__all__ = [
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_runtest_protocol",
    "pytest_xdist_make_scheduler",
]

Row = TypeVar("Row")
# A deadline would measure how busy the machine is.
settings.register_profile("hqe", deadline=None)
settings.load_profile("hqe")

KEY = bytes(range(32))
"""The key of every test's vault, so that what is sealed in one opens in the next."""
POSTGRESQL = os.environ.get("HQE_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


DROP = """DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT nspname FROM pg_namespace WHERE nspname LIKE '{schema}%' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', one);
    END LOOP;
END $$"""
"""Drops a schema and the scenes beside it (``tests.scenes``)."""


def missing_service(sentence: str) -> None:
    """A missing service fails in CI and is skipped with a reason elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database of its own; the migrations run once a session."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "hqe.db")
        return f"sqlite:///{tmp_path / 'hqe.db'}"
    url: str = request.getfixturevalue("migrated_schema")
    _empty(url)
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "hqe.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with database_for("postgresql", tmp_path_factory.getbasetemp()) as url:
        _migrate(url)
        yield url


@contextmanager
def database_for(kind: str, file: Path) -> Iterator[str]:
    """The address of a database without tables: an SQLite file, or a PostgreSQL schema of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{file}"
        return
    schema = f"hqe_test_{uuid.uuid4().hex[:12]}"
    with postgresql_admin() as run:
        run(f"CREATE SCHEMA {schema}")
        # Tests need no crash safety of the server; waiting for its disk would be most of their time.
        options = {"options": f"-csearch_path={schema} -csynchronous_commit=off"}
        yield make_url(POSTGRESQL).update_query_dict(options).render_as_string(hide_password=False)
        run(DROP.format(schema=schema))


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()


def _empty(url: str) -> None:
    """Deleting a handful of rows is much quicker than TRUNCATE, which makes new files."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    emptied = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in guards.TABLES]
    emptied += [f'DELETE FROM "{name}"' for name in tables]
    emptied += [
        f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), 1, false)" for table, column in COUNTED
    ]
    emptied += [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in guards.TABLES]
    with closing(open_engine(url).raw_connection()) as connection:
        connection.driver_connection.execute("; ".join(emptied))
        connection.commit()
        connection.detach()


@contextmanager
def postgresql_admin() -> Iterator[Callable[[str], None]]:
    """Runs statements on the test server, outside any transaction."""
    admin = open_engine(POSTGRESQL).execution_options(isolation_level="AUTOCOMMIT")

    def run(statement: str) -> None:
        with admin.connect() as connection:
            connection.execute(text(statement))

    try:
        run("SELECT 1")
    except OperationalError:
        missing_service(f"no PostgreSQL at {make_url(POSTGRESQL).render_as_string()}")
    yield run
    admin.dispose()


@contextmanager
def tampering(store: Store) -> Iterator[Connection]:
    """A connection of somebody who may do everything with the database, but for the key."""
    with store.engine.begin() as connection, guards.lifted(connection):
        yield connection


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated database with a vault of its own."""
    opened = Store(database_url, vault=Vault(KEY), home=tmp_path)
    hasten(opened)
    yield opened
    opened.close()


def hasten(store: Store) -> None:
    """Tests need no crash safety of their files either: nobody waits for the disk."""
    if store.engine.dialect.name == "sqlite":
        event.listen(store.engine, "connect", lambda one, _: one.execute("PRAGMA synchronous=OFF"))


@pytest.fixture(scope="session")
def scenes() -> Scenes:
    """Databases as they stand at points of a campaign, prepared once."""
    return Scenes()


def rows_of(store: Store, table: type[Row]) -> list[Row]:
    """Every row of a table in the order of its key, for tests that compare whole values."""
    with store.reading() as session:
        return list(session.scalars(select(table).order_by(*inspect(table).primary_key)))
