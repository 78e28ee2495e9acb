"""Who holds a lease, and what is freed when its process is gone."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

log = logging.getLogger("hqe.leases")

PROCESSES = Path("/proc")
STARTED = 19
"""Where a process's start stands behind its name in ``/proc/<pid>/stat``: ticks since the machine started."""


class Leases(Protocol):
    """The leases in the records, one transaction for each call."""

    def owners(self) -> Sequence[str]: ...

    def silent(self) -> Sequence[str]:
        """Owners who let their leases run out and never came back, on whatever machine."""

    def evict(self, *, owner: str) -> None: ...


def owner_name(door: str) -> str:
    """Who holds a lease: this host, this process, when it started, and which part of it."""
    return f"{socket.gethostname()}/{os.getpid()}/{start_of(os.getpid())}/{door}"


def start_of(process: int) -> str:
    """When a process started, by a count that stays whatever becomes of the clock; ProcessLookupError without one."""
    import psutil

    if not (PROCESSES / "self" / "stat").exists():
        try:
            return f"{psutil.Process(process).create_time():.2f}"
        except psutil.NoSuchProcess as error:
            raise ProcessLookupError(process) from error
    try:
        told = (PROCESSES / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError as error:
        raise ProcessLookupError(process) from error
    boot = (PROCESSES / "sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
    return f"{boot}-{told.rpartition(')')[2].split()[STARTED]}"


def is_dead(owner: str) -> bool:
    """True only for an owner of this host whose process is known to be gone."""
    host, _, rest = owner.partition("/")
    process, _, rest = rest.partition("/")
    started, _, _ = rest.partition("/")
    if host != socket.gethostname() or not process.isdecimal():
        return False
    try:
        return start_of(int(process)) != started
    except ProcessLookupError:
        return True


def evict_dead(leases: Leases) -> None:
    """Free what a killed process held: here at once, what another machine held when its leases have run out.

    A machine that came back under another name (a container, a copied folder) cannot tell its dead by name.
    """
    for owner in {*filter(is_dead, leases.owners()), *leases.silent()}:
        log.warning("freeing the leases of %s, which is gone", owner)
        leases.evict(owner=owner)
