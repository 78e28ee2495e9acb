"""A blank Prefect database, migrated once per installation: migrating one anew takes 12 s of CPU each time."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path


def blank_file() -> Path:
    """Where the blank lies: beside the installed packages, whose version it belongs to."""
    return Path(sys.prefix) / "var" / f"prefect-{version('prefect')}-blank.db"


def lay_out(database: Path, *, blank: Path) -> None:
    """Make `database` from the blank if it does not exist; the first time of all, make the blank from it.

    Runs in the server's process, whose Prefect settings name `database` already. An installation that cannot
    be written to has no blank, and Prefect migrates as it always does.
    """
    if database.exists():
        return
    if blank.exists():
        _copy(blank, database)
        return
    _migrate()
    with suppress(OSError, sqlite3.Error):
        blank.parent.mkdir(parents=True, exist_ok=True)
        draft = blank.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("VACUUM INTO ?", (str(draft),))
        draft.replace(blank)


def _copy(blank: Path, database: Path) -> None:
    # In two steps: a server that dies in between must not leave half a database.
    draft = database.with_suffix(f".{os.getpid()}")
    shutil.copyfile(blank, draft)
    draft.replace(database)


def _migrate() -> None:
    from prefect.server.database import provide_database_interface

    asyncio.run(provide_database_interface().create_db())
