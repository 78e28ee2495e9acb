"""Bring the database's schema to the newest version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from records.schema import Base

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Run every migration that the database has not seen."""
    with engine.begin() as connection:
        command.upgrade(_configuration(connection), "head")


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
