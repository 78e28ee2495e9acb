"""Real databases for every test that asks: SQLite in a file, PostgreSQL in a schema of its own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from records.migrating import migrate
from records.store import Store, open_engine
from records.vault import Vault

Row = TypeVar("Row")
POSTGRESQL = os.environ.get("HQE_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def missing_service(sentence: str) -> None:
    """A missing service fails in CI and is skipped with a reason elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database_for(request.param, tmp_path / "hqe.db") as url:
        yield url


@contextmanager
def database_for(kind: str, file: Path) -> Iterator[str]:
    """The address of an empty database: an SQLite file, or a PostgreSQL schema of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{file}"
        return
    yield from _schema_of_its_own()


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


def _schema_of_its_own() -> Iterator[str]:
    schema = f"hqe_test_{uuid.uuid4().hex[:12]}"
    with postgresql_admin() as run:
        run(f"CREATE SCHEMA {schema}")
        url = make_url(POSTGRESQL).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
        run(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated database with a vault of its own."""
    opened = Store(database_url, vault=Vault(bytes(range(32))), home=tmp_path)
    migrate(opened.engine)
    yield opened
    opened.close()


def rows_of(store: Store, table: type[Row]) -> list[Row]:
    """Every row of a table, for tests that compare whole values."""
    with store.reading() as session:
        return list(session.scalars(select(table)))
