"""``hqe restore`` as an operator types it."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

from tests.commands.conftest import typed


def hand_over_key(home: Path, folder: Path) -> None:
    folder.mkdir()
    shutil.copy(home / "secret.key", folder)


def test_restore_without_the_key_says_where_it_goes_and_needs_to_be_asked_for(
    taken: Path, tmp_path: Path
) -> None:
    refused = typed("restore", str(taken), "--into", str(tmp_path / "new"))
    believed = typed("restore", str(taken), "--into", str(tmp_path / "new"), "--unsigned")

    assert (refused.exit_code, f"放到 {tmp_path / 'new' / 'secret.key'}" in refused.output) == (1, True)
    assert (believed.exit_code, "不核对签名" in believed.output) == (0, True)


def test_restore_into_a_clean_folder_verifies_and_says_what_next(
    home: Path, taken: Path, tmp_path: Path
) -> None:
    hand_over_key(home, tmp_path / "new")

    done = typed("restore", str(taken), "--into", str(tmp_path / "new"), "--json", str(tmp_path / "o.json"))

    told = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert done.exit_code == 0, done.output
    assert f"密钥已在 {tmp_path / 'new' / 'secret.key'}" in done.output
    assert (told["carriers"], told["messages"]) == (1, 0)
    assert typed("audit", "verify", "--home", str(tmp_path / "new")).exit_code == 0


def test_restore_tells_a_right_key_from_a_wrong_one(home: Path, taken: Path, tmp_path: Path) -> None:
    for name, key in (("right", (home / "secret.key").read_text()), ("wrong", "00" * 32)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "secret.key").write_text(key)

    right, wrong = (
        typed("restore", str(taken), "--into", str(tmp_path / name)) for name in ("right", "wrong")
    )

    assert ("相符" in right.output, "请换成正确的一份" in wrong.output) == (True, True)


def test_restore_dry_run_writes_nothing(home: Path, taken: Path, tmp_path: Path) -> None:
    key = str(home / "secret.key")

    done = typed("restore", str(taken), "--dry-run", "--into", str(tmp_path / "new"), HQE_KEY_FILE=key)

    assert (done.exit_code, "没有写入" in done.output) == (0, True)
    assert not (tmp_path / "new").exists()


def test_restore_into_a_used_folder_is_refused(home: Path, taken: Path) -> None:
    before = (home / "hqe.db").read_bytes()

    done = typed("restore", str(taken), "--into", str(home))

    assert (done.exit_code, "已有数据" in done.output) == (1, True)
    assert (home / "hqe.db").read_bytes() == before


def test_restore_beside_somebody_elses_files_is_refused(home: Path, taken: Path, tmp_path: Path) -> None:
    hand_over_key(home, tmp_path / "new")
    (tmp_path / "new" / "mails").mkdir()

    done = typed("restore", str(taken), "--into", str(tmp_path / "new"))

    assert (done.exit_code, "不是空的（有 mails）" in done.output) == (1, True)


def test_restore_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>")

    done = typed("restore", str(tmp_path / "page.html"), "--into", str(tmp_path / "new"))

    assert (done.exit_code, "不是本程序的备份文件" in done.output) == (1, True)


def test_restore_into_a_database_that_does_not_answer_says_so(
    home: Path, taken: Path, tmp_path: Path
) -> None:
    hand_over_key(home, tmp_path / "new")
    nowhere = "postgresql+psycopg://hqe:secret@127.0.0.1:1/hqe"

    done = typed("restore", str(taken), "--into", str(tmp_path / "new"), HQE_DATABASE_URL=nowhere)

    assert (done.exit_code, "连接不上" in done.output, "secret@" in done.output) == (1, True, False)


def test_drill_restores_the_newest_offsite_backup_beside_the_work_and_leaves_only_its_note(
    home: Path, tmp_path: Path
) -> None:
    place = {"HQE_HOME": str(home), "HQE_OFFSITE": str(tmp_path / "mounted")}
    early = typed("restore", "--drill", **place)
    absent = typed("backup", "--offsite", **place)
    (tmp_path / "mounted").mkdir()
    saved = typed("backup", "--offsite", **place)
    before = sorted(path.name for path in home.iterdir())

    drilled = typed("restore", "--drill", "--json", str(tmp_path / "o.json"), **place)

    told = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    [file] = (tmp_path / "mounted").iterdir()
    assert [one.exit_code for one in (early, absent, saved, drilled)] == [1, 1, 0, 0], drilled.output
    assert ("没有可供演练" in early.output, "没有挂载" in absent.output) == (True, True)
    assert (told["file"], told["rows"] > 0, "恢复演练成功" in drilled.output) == (str(file), True, True)
    assert sorted(path.name for path in home.iterdir()) == before
    assert "恢复演练成功" in typed("audit", "show", "--home", str(home)).output


def test_drill_of_a_damaged_backup_fails_and_is_not_noted(home: Path, taken: Path) -> None:
    with zipfile.ZipFile(taken) as parts:
        largest = max(parts.infolist(), key=lambda one: one.compress_size)
    data = bytearray(taken.read_bytes())
    # In the midst of what is in it; some bytes between two parts mean nothing.
    data[largest.header_offset + 30 + len(largest.filename) + largest.compress_size // 2] ^= 1
    taken.write_bytes(data)

    failed = typed("restore", str(taken), "--drill", HQE_HOME=str(home))

    assert failed.exit_code == 1
    assert "恢复演练成功" not in typed("audit", "show", "--home", str(home)).output
