"""A machine on which a command cannot work yet: it says what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from records.sealing.vault import make_key
from records.store import Store
from tests.commands.conftest import Run


def test_command_on_a_machine_without_a_key_says_what_to_do(run: Run, tmp_path: Path) -> None:
    shown = run("campaign", "status", "--home", tmp_path / "nowhere")

    assert (shown.exit_code, "请先运行 ./hqe up" in shown.output) == (1, True)


def test_command_before_the_database_is_made_says_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_key(tmp_path / "secret.key")

    missing = run("campaign", "status")
    monkeypatch.setenv("HQE_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/none")
    unreachable = run("campaign", "status")

    assert (missing.exit_code, "尚未建立。请先运行 ./hqe up" in missing.stderr) == (1, True)
    assert (unreachable.exit_code, "连接不上" in unreachable.stderr) == (1, True)


def test_command_on_an_older_database_names_the_upgrade(store: Store, run: Run, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "hqe.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")

    old = run("campaign", "status")

    assert (old.exit_code, "./hqe upgrade" in old.stderr) == (1, True)
