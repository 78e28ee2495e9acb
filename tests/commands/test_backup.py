"""``hqe backup`` and ``hqe restore`` as an operator types them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from actions.campaign import lifecycle
from commands.main import main
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign, restrict
from records.schema import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store

AT = datetime(2020, 10, 20, 1, tzinfo=UTC)


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner(env={"HQE_HOME": None, "HQE_DATABASE_URL": None, **environment}).invoke(main, arguments)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A state folder with an open campaign."""
    folder = tmp_path / "home"
    make_key(folder / "secret.key")
    store = Store(f"sqlite:///{folder / 'hqe.db'}", vault=open_vault(folder / "secret.key"), home=folder)
    migrate.migrate(store.engine)
    source = campaign_folder("longquan-2020")
    lifecycle.open_campaign(
        store,
        campaign=restrict(read_campaign(source), 3),
        calendar=read_calendar(source, (2020, 2021)),
        by="coordinator-1",
        now=AT,
    )
    store.close()
    return folder


@pytest.fixture
def file(home: Path, tmp_path: Path) -> Path:
    assert run("backup", "--home", str(home), "--to", str(tmp_path / "one.hqe-backup")).exit_code == 0
    return tmp_path / "one.hqe-backup"


def test_backup_without_a_place_goes_into_the_state_folder_and_says_where_the_key_is(
    home: Path, tmp_path: Path
) -> None:
    done = run("backup", "--home", str(home), "--json", str(tmp_path / "o.json"))

    told = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert done.exit_code == 0, done.output
    assert [str(path) for path in (home / "backups").iterdir()] == [told["file"]]
    assert told["key"] == open_vault(home / "secret.key").fingerprint()
    assert f"密钥不在备份里：{home / 'secret.key'}" in done.output
    assert (home / "secret.key").read_bytes() not in Path(told["file"]).read_bytes()


def test_backup_is_noted_in_the_audit_log(home: Path, file: Path) -> None:
    done = run("audit", "verify", "--home", str(home))

    assert done.output.startswith("audit log whole: 2 entries")


def test_backup_of_a_broken_audit_log_is_taken_and_says_so(home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home / "hqe.db")) as connection, connection:
        connection.execute("UPDATE audit SET actor = 'somebody else'")

    done = run("backup", "--home", str(home), "--to", str(tmp_path / "one"))

    assert (done.exit_code, "审计日志不完整" in done.output) == (1, True)
    assert run("restore", str(tmp_path / "one"), "--dry-run", "--into", str(tmp_path / "new")).exit_code == 0


def test_backup_is_readable_by_its_owner_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_backup_of_nothing_says_where_it_looked(tmp_path: Path) -> None:
    done = run("backup", "--home", str(tmp_path))

    assert (done.exit_code, str(tmp_path / "hqe.db") in done.output) == (1, True)
    assert not (tmp_path / "hqe.db").exists()


def test_restore_into_a_clean_folder_verifies_and_says_what_next(
    home: Path, file: Path, tmp_path: Path
) -> None:
    done = run("restore", str(file), "--into", str(tmp_path / "new"), "--json", str(tmp_path / "o.json"))

    told = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert done.exit_code == 0, done.output
    assert f"放到 {tmp_path / 'new' / 'secret.key'}" in done.output
    assert (told["carriers"], told["messages"]) == (1, 0)
    assert run("audit", "verify", "--home", str(tmp_path / "new")).exit_code == 0


def test_restore_tells_a_right_key_from_a_wrong_one(home: Path, file: Path, tmp_path: Path) -> None:
    for name, key in (("right", (home / "secret.key").read_text()), ("wrong", "00" * 32)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "secret.key").write_text(key)

    right, wrong = (run("restore", str(file), "--into", str(tmp_path / name)) for name in ("right", "wrong"))

    assert ("相符" in right.output, "请换成正确的一份" in wrong.output) == (True, True)


def test_restore_dry_run_writes_nothing(file: Path, tmp_path: Path) -> None:
    done = run("restore", str(file), "--dry-run", "--into", str(tmp_path / "new"))

    assert (done.exit_code, "没有写入" in done.output) == (0, True)
    assert not (tmp_path / "new").exists()


def test_restore_into_a_used_folder_is_refused(home: Path, file: Path) -> None:
    before = (home / "hqe.db").read_bytes()

    done = run("restore", str(file), "--into", str(home))

    assert (done.exit_code, "已有数据" in done.output) == (1, True)
    assert (home / "hqe.db").read_bytes() == before


def test_restore_beside_somebody_elses_files_is_refused(file: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mails").mkdir()

    done = run("restore", str(file), "--into", str(tmp_path / "new"))

    assert (done.exit_code, "不是空的（有 mails）" in done.output) == (1, True)


def test_restore_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>")

    done = run("restore", str(tmp_path / "page.html"), "--into", str(tmp_path / "new"))

    assert (done.exit_code, "不是本程序的备份文件" in done.output) == (1, True)


def test_restore_into_a_database_that_does_not_answer_says_so(file: Path, tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://hqe:secret@127.0.0.1:1/hqe"

    done = run("restore", str(file), "--into", str(tmp_path / "new"), HQE_DATABASE_URL=nowhere)

    assert (done.exit_code, "连接不上" in done.output, "secret@" in done.output) == (1, True, False)


def test_audit_head_as_printed_is_verified_later(home: Path, file: Path) -> None:
    paper = run("audit", "head", "--home", str(home)).output.split('"')[1]
    run("backup", "--home", str(home))

    agrees = run("audit", "verify", "--home", str(home), "--paper", paper)
    other = run("audit", "verify", "--home", str(home), "--paper", f"1:{'0' * 64}")
    unreadable = run("audit", "verify", "--home", str(home), "--paper", "2:abc")

    assert (agrees.exit_code, agrees.output.startswith("audit log whole: 3 entries")) == (0, True)
    assert (other.exit_code, "not the one on paper" in other.output) == (1, True)
    assert (unreadable.exit_code, "--paper 须为" in unreadable.output) == (1, True)


def test_audit_show_tells_in_words_and_names_a_subject_it_does_not_know(home: Path, file: Path) -> None:
    shown = run("audit", "show", "--home", str(home))
    unknown = run("audit", "show", "--home", str(home), "--subject", "无此村")

    assert "启动活动：2020年高质量就业社区(村)建设活动" in shown.output
    assert "运行维护人员  备份数据库：数据库" in shown.output
    assert (unknown.exit_code, "没有关于“无此村”的记录" in unknown.output) == (1, True)
