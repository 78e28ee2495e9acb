"""A disk that can really be full: a small file system in memory, where this user may mount one."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BALLAST = "ballast"
CHUNKS = (65_536, 512, 1)


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Path | None]:
    """Mounted on ``folder`` while the block runs; None where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _done("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "hqe-small", str(folder)):
        yield None
        return
    try:
        yield folder
    finally:
        _done("umount", "--lazy", str(folder))


def fill(disk: Path) -> None:
    """Leave not one byte."""
    with (disk / BALLAST).open("ab", buffering=0) as ballast:
        for size in CHUNKS:
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def empty(disk: Path) -> None:
    """Make room again."""
    (disk / BALLAST).unlink(missing_ok=True)


def make_readonly(disk: Path) -> None:
    """From now on nothing on it can be changed."""
    _done("mount", "-o", "remount,ro", str(disk))


def _done(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
