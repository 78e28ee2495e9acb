"""``hqe audit verify``: whole, or broken at which entry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from records import audit
from records.schema import migrate
from records.sealing.vault import Vault
from records.store import Store
from tests.commands.conftest import Run


@pytest.fixture
def home_with_audit(tmp_path: Path) -> Path:
    store = Store(f"sqlite:///{tmp_path / 'hqe.db'}", vault=Vault(bytes(32)), home=tmp_path)
    migrate.migrate(store.engine)
    with store.writing() as session:
        audit.note(session, at=datetime(2020, 10, 20, tzinfo=UTC), actor="a", act="b", subject="c")
    store.close()
    return tmp_path


def test_audit_verify_of_a_whole_log_says_so(run: Run, home_with_audit: Path) -> None:
    found = run("audit", "verify", "--home", str(home_with_audit))

    assert (found.exit_code, found.output.startswith("audit log whole: 1 entries")) == (0, True)


def test_audit_verify_of_a_cut_log_names_the_entry(run: Run, home_with_audit: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(home_with_audit / "hqe.db")
    with connection:
        connection.execute("DELETE FROM audit")
    connection.close()

    found = run("audit", "verify", "--home", str(home_with_audit))

    assert (found.exit_code, "broken at entry 1" in found.output) == (1, True)
