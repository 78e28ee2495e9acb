"""Key files: the one in use, the next one while the key is being changed, and those that were in use before."""

from __future__ import annotations

import os
from pathlib import Path

BYTES = 32
NEXT = ".next"
RETIRED = ".retired-"


def read(path: Path) -> bytes:
    """The master key in a file; raises OSError or ValueError when there is none in it."""
    master = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(master) != BYTES:
        raise ValueError(f"{path} does not hold {2 * BYTES} hexadecimal digits")
    return master


def write(path: Path, master: bytes) -> bool:
    """A new file, readable by its owner only and safe on the disk; False when there is one already."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(master.hex().encode())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    _keep_names(path.parent)
    return True


def next_of(path: Path) -> Path:
    """Where the key lies that will be in use."""
    return path.with_name(path.name + NEXT)


def retired(path: Path) -> list[Path]:
    """The keys that were in use before; each bears its fingerprint in its name."""
    return sorted(path.parent.glob(f"{path.name}{RETIRED}*"))


def retired_as(path: Path, fingerprint: str) -> Path:
    return path.with_name(f"{path.name}{RETIRED}{fingerprint}")


def beside(path: Path) -> list[Path]:
    """Every key file but the one in use."""
    return [one for one in (next_of(path), *retired(path)) if one.exists()]


def exchange(path: Path, *, fingerprint: str) -> Path:
    """Put the next key into use and the present one, whose fingerprint it is, aside; where that lies now.

    Stopped at any point it can be called again: there is always a key in use, and none is ever lost.
    """
    aside = retired_as(path, fingerprint)
    if next_of(path).exists():
        write(aside, read(path))
        next_of(path).replace(path)
        _keep_names(path.parent)
    return aside


def _keep_names(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
