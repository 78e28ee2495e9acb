"""A disk that is really full: a small file system in memory, where this user may mount one."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BALLAST = "ballast"


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """Mounted on ``folder`` while the block runs; skips the test where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "hqe-test", str(folder)]
    if not _done(mount):
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        _done(["umount", "--lazy", str(folder)])


def _done(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def fill(disk: Path) -> None:
    """Leave not one byte."""
    with (disk / BALLAST).open("ab", buffering=0) as ballast:
        for size in (65_536, 512, 1):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def empty(disk: Path) -> None:
    (disk / BALLAST).unlink()


def make_readonly(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
