"""``hqe audit verify``: whole, or broken at which entry."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records import audit
from records.schema import migrate
from records.sealing.vault import Vault
from records.store import Store
from tests.commands.conftest import Run, typed


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


def test_audit_verify_says_what_it_cannot_know_without_a_head_from_outside(home: Path, taken: Path) -> None:
    alone = typed("audit", "verify", "--home", str(home))
    with_backup = typed("audit", "verify", "--home", str(home), "--head", str(taken))

    assert ("没有外来的末条" in alone.output, "没有外来的末条" in with_backup.output) == (True, False)
    assert (alone.exit_code, with_backup.exit_code) == (0, 0)


def test_audit_log_without_its_seal_is_refused_until_somebody_seals_it(home: Path) -> None:
    with closing(sqlite3.connect(home / "hqe.db")) as connection, connection:
        connection.execute("DELETE FROM audit_seal")

    found = typed("audit", "verify", "--home", str(home))
    sealed = typed("audit", "seal", "--home", str(home), "--reason", "与寄出的末条相符")

    assert (found.exit_code, "没有用密钥封存" in found.output) == (1, True)
    assert (sealed.exit_code, typed("audit", "verify", "--home", str(home)).exit_code) == (0, 0)
    again = typed("audit", "seal", "--home", str(home), "--reason", "x")
    assert (again.exit_code, "无需再做" in again.output) == (1, True)
    assert "封存审计日志：数据库" in typed("audit", "show", "--home", str(home)).output


def test_audit_verify_without_the_key_says_so(run: Run, home_with_audit: Path) -> None:
    assert "密钥不在本机" in run("audit", "verify", "--home", str(home_with_audit)).output


def test_audit_verify_of_a_cut_log_names_the_entry(run: Run, home_with_audit: Path) -> None:
    connection = sqlite3.connect(home_with_audit / "hqe.db")
    with connection:
        connection.execute("DROP TRIGGER audit_kept")
        connection.execute("DELETE FROM audit")
    connection.close()

    found = run("audit", "verify", "--home", str(home_with_audit))

    assert (found.exit_code, "broken at entry 1" in found.output) == (1, True)
