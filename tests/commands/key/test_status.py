"""``hqe key status``: what still needs the old key."""

from __future__ import annotations

from pathlib import Path

from records.store import Store
from tests.commands.conftest import Run
from tests.commands.key.conftest import fingerprint


def test_status_names_the_backup_that_still_needs_the_old_key(run: Run, store: Store, tmp_path: Path) -> None:
    old = fingerprint(tmp_path / "secret.key")
    run("key", "rotate")
    [backup] = (tmp_path / "backups").iterdir()

    needed = run("key", "status").output
    backup.unlink()
    free = run("key", "status").output

    assert f"指纹 {old}：备份 {backup.name} 要用它打开" in needed
    assert "可以销毁" in free
