"""``hqe backup`` as an operator types it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from records.sealing.vault import open_vault
from tests.commands.conftest import typed


def test_backup_without_a_place_goes_into_the_state_folder_and_says_where_the_key_is(
    home: Path, tmp_path: Path
) -> None:
    done = typed("backup", "--home", str(home), "--json", str(tmp_path / "o.json"))

    told = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert done.exit_code == 0, done.output
    assert [str(path) for path in (home / "backups").iterdir()] == [told["file"]]
    assert told["key"] == open_vault(home / "secret.key").fingerprint()
    assert f"密钥不在备份里：{home / 'secret.key'}" in done.output
    assert (home / "secret.key").read_bytes() not in Path(told["file"]).read_bytes()


def test_backup_is_noted_in_the_audit_log(home: Path, taken: Path) -> None:
    done = typed("audit", "verify", "--home", str(home))

    assert done.output.startswith("audit log whole: 3 entries")


def test_backup_of_a_broken_audit_log_is_taken_and_says_so(home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home / "hqe.db")) as connection, connection:
        connection.execute("DROP TRIGGER audit_unchanged")
        connection.execute("UPDATE audit SET actor = 'somebody else'")

    done = typed("backup", "--home", str(home), "--to", str(tmp_path / "one"))

    assert (done.exit_code, "审计日志不完整" in done.output) == (1, True)
    known = {"HQE_KEY_FILE": str(home / "secret.key")}
    into = ("--dry-run", "--into", str(tmp_path / "new"))
    assert typed("restore", str(tmp_path / "one"), *into, **known).exit_code == 0


def test_backup_is_readable_by_its_owner_alone(taken: Path) -> None:
    assert taken.stat().st_mode & 0o777 == 0o600


def test_backup_of_nothing_says_where_it_looked(tmp_path: Path) -> None:
    done = typed("backup", "--home", str(tmp_path))

    assert (done.exit_code, str(tmp_path / "hqe.db") in done.output) == (1, True)
    assert not (tmp_path / "hqe.db").exists()
