"""``hqe key rotate`` as an operator types it: a change, and one that stopped halfway."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from actions.dossiers.uploads import read_upload
from actions.upkeep import key_change
from deployments.local.preflight import alone
from records import clock
from records.runs import carriers
from records.sealing import keys
from records.sealing.vault import open_vault
from records.store import Store
from records.upkeep import reseal
from tests.actions.conftest import HandIn
from tests.commands.conftest import Run
from tests.commands.key.conftest import fingerprint


def reopened(home: Path) -> Store:
    return Store(f"sqlite:///{home / 'hqe.db'}", vault=open_vault(home / "secret.key"), home=home)


def test_key_rotated_seals_anew_backs_up_before_and_keeps_the_old_key_aside(
    run: Run, tmp_path: Path, hand_in: HandIn
) -> None:
    hand_in()
    old = fingerprint(tmp_path / "secret.key")

    done = run("key", "rotate", "--json", tmp_path / "o.json")

    told = json.loads((tmp_path / "o.json").read_text())
    aside = tmp_path / f"secret.key.retired-{old}"
    assert done.exit_code == 0, done.output
    assert (told["old_key"], told["new_key"], told["aside"]) == (
        old,
        fingerprint(tmp_path / "secret.key"),
        str(aside),
    )
    assert (told["rows"], told["unopened"], stat.S_IMODE(aside.stat().st_mode)) == (2, [], 0o600)
    aside.unlink()
    assert read_upload(reopened(tmp_path), 1)[1][:2] == b"PK"
    assert run("audit", "verify").exit_code == 0
    assert "更换密钥：密钥" in run("audit", "show").output


def test_restore_of_a_backup_from_before_says_where_its_key_lies(
    run: Run, store: Store, tmp_path: Path
) -> None:
    old = fingerprint(tmp_path / "secret.key")
    run("key", "rotate")
    [backup] = (tmp_path / "backups").iterdir()
    (tmp_path / "new").mkdir()
    for name in ("secret.key", f"secret.key.retired-{old}"):
        (tmp_path / "new" / name).write_text((tmp_path / name).read_text())

    done = run("restore", backup, "--into", tmp_path / "new")

    assert done.exit_code == 0, done.output
    assert f"要用旧密钥（指纹 {old}）：请用 {tmp_path / 'new'}/secret.key.retired-{old} 替换" in done.output


def test_rotation_stopped_halfway_shuts_the_house_shows_in_doctor_and_goes_on(
    run: Run, tmp_path: Path, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in()
    with monkeypatch.context() as stopped:
        stopped.setattr(reseal, "reseal", _interrupted)
        first = run("key", "rotate")

    assert "再运行 ./hqe key rotate 会接着做" in first.output
    assert "key_half_changed" in run("doctor").output
    assert "更换密钥没有做完" in run("gate", "list").output
    assert "更换密钥没有做完" in run("up", "--only-prepare").output
    assert run("key", "status").exit_code == 1
    both = f"{fingerprint(tmp_path / 'secret.key')}+{fingerprint(tmp_path / 'secret.key.next')}"
    run("backup", "--to", tmp_path / "b", "--json", tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_text())["key"] == both
    assert "两把密钥都要用" in run("restore", tmp_path / "b", "--into", tmp_path / "new").output

    second = run("key", "rotate")

    assert "接着做上次没有做完的更换" in second.output
    assert (second.exit_code, run("key", "status").exit_code) == (0, 0)
    assert len(list((tmp_path / "backups").iterdir())) == 1


def _interrupted(*_: object, **__: object) -> list[str]:
    raise KeyboardInterrupt


def test_rotation_stopped_after_the_files_were_exchanged_is_finished(
    run: Run, tmp_path: Path, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in()
    with monkeypatch.context() as stopped:
        stopped.setattr(key_change, "finish", _interrupted)
        run("key", "rotate")
    assert not keys.next_of(tmp_path / "secret.key").exists()

    done = run("key", "rotate")

    assert done.exit_code == 0, done.output
    assert key_change.standing(reopened(tmp_path)) is None


def test_rotation_beside_a_running_house_or_a_worker_elsewhere_is_refused(
    run: Run, store: Store, tmp_path: Path, opened: Store
) -> None:
    before = fingerprint(tmp_path / "secret.key")
    with alone(tmp_path):
        beside = run("key", "rotate")
    with store.writing() as session:
        kind, subject = "survey", "longquan-2020/331181100"
        carriers.claim(
            session, kind, subject, owner="ringer@elsewhere", host_now=clock.host_now() + timedelta(hours=1)
        )

    elsewhere = run("key", "rotate")

    assert (beside.exit_code, "已有一个 hqe up" in beside.output) == (1, True)
    assert (elsewhere.exit_code, "ringer@elsewhere" in elsewhere.output) == (1, True)
    assert fingerprint(tmp_path / "secret.key") == before


def test_retired_key_that_others_can_read_is_closed_by_the_doctor(
    run: Run, store: Store, tmp_path: Path
) -> None:
    run("key", "rotate")
    [aside] = keys.retired(tmp_path / "secret.key")
    aside.chmod(0o644)

    run("doctor", "--repair")

    assert stat.S_IMODE(aside.stat().st_mode) == 0o600


def test_broken_key_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("00" * 31)

    with pytest.raises(ValueError, match="64"):
        open_vault(tmp_path / "secret.key")
