"""Real databases for every test that asks: SQLite in a file, PostgreSQL in a schema of its own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from records.migrating import migrate
from records.store import Store, open_engine
from records.vault import Vault

POSTGRESQL = os.environ.get("HQE_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def missing_service(sentence: str) -> None:
    """A missing service fails in CI and is skipped with a reason elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'hqe.db'}"
        return
    yield from _schema_of_its_own()


def _schema_of_its_own() -> Iterator[str]:
    admin = open_engine(POSTGRESQL)
    schema = f"hqe_test_{uuid.uuid4().hex[:12]}"
    try:
        with admin.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except Exception as error:
        missing_service(f"no PostgreSQL at {make_url(POSTGRESQL).render_as_string()}: {type(error).__name__}")
    url = make_url(POSTGRESQL).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated database with a vault of its own."""
    opened = Store(database_url, vault=Vault(bytes(range(32))), home=tmp_path)
    migrate(opened.engine)
    yield opened
    opened.close()
