"""One-shot points at which a drill kills the process, so that recovery can be tried for real.

Arming writes a counter file below ``home/failpoints``; reaching the point counts it down and, at 0,
removes the file and kills the process without a goodbye. Nothing armed costs one look at the disk.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from pathlib import Path


def arm(home: Path, name: str, after: int = 1) -> None:
    """Kill the process that reaches ``name`` for the ``after``-th time from now."""
    if after < 1:
        raise ValueError("after must be 1 or more")
    file = counter(home, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    _keep(file, after)


def reach(name: str, *, home: Path) -> None:
    """Count an armed point down; the last count kills this process. A broken counter is left alone."""
    file = counter(home, name)
    try:
        text = file.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return
    if not text.isdecimal():
        return
    if int(text) > 1:
        _keep(file, int(text) - 1)
        return
    # Removed before the kill: the process that takes over must get past this point.
    file.unlink(missing_ok=True)
    os.kill(os.getpid(), signal.SIGKILL)


def _keep(file: Path, count: int) -> None:
    """Whole or not at all: another thread may reach its own last point, which kills this one amid its writing."""
    written = file.with_name(f"{file.name}.{os.getpid()}-{threading.get_ident()}")
    written.write_text(str(count), encoding="ascii")
    written.replace(file)


def counter(home: Path, name: str) -> Path:
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name):
        raise ValueError(f"not a name for a failpoint: {name!r}")
    return home / "failpoints" / name
