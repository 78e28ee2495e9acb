"""A portal of its own as a process, in front of a house on disk, to be measured from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deployments.server import free_port

PATIENCE_S = 60.0
LOOK_EVERY_S = 0.05
STOP_WITHIN_S = 30


@dataclass(frozen=True, slots=True)
class Running:
    """A portal that answers at ``address``."""

    pid: int
    address: str


def sqlite_of(home: Path) -> str:
    """The address of a house's own database."""
    return f"sqlite:///{home / 'hqe.db'}"


@contextmanager
def portal_of(home: Path, *, database_url: str) -> Iterator[Running]:
    """Ready to work while the block lasts; what it logs stands in ``portal.log`` of its house."""
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HQE_")}
    settings = {"HQE_HOME": str(home), "HQE_DATABASE_URL": database_url, "HQE_PORTAL_PORT": str(port)}
    command = [sys.executable, "-P", "-m", "portal.serving"]
    with (home / "portal.log").open("ab") as log:
        process = subprocess.Popen(command, env={**inherited, **settings}, cwd=home, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(address, process)
        yield Running(process.pid, address)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_WITHIN_S)


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    patience = time.monotonic() + PATIENCE_S
    while True:
        try:
            httpx.get(f"{address}/readyz", trust_env=False)
        except httpx.TransportError:
            if process.poll() is not None or time.monotonic() > patience:
                raise
            time.sleep(LOOK_EVERY_S)
        else:
            return
