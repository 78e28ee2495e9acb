"""A portal of its own as a process, in front of a house on disk, to be looked at from outside."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from deployments.prefect_server.server import free_port

PATIENCE_S = 60.0
LOOK_EVERY_S = 0.05
STOP_WITHIN_S = 30


def sqlite_of(home: Path) -> str:
    """The address of a house's own database."""
    return f"sqlite:///{home / 'hqe.db'}"


@contextmanager
def serving(
    home: Path, *, port: int | None = None, **env: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The portal's process and its address on loopback while the block lasts, once it is ready to work.

    It gets the settings ``env`` (HQE_...) and none of ours; what it logs stands in ``portal.log`` of its house.
    """
    port = port or free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HQE_")}
    settings = {**inherited, "HQE_HOME": str(home), "HQE_PORTAL_PORT": str(port), **env}
    command = [sys.executable, "-P", "-m", "portal.serve"]
    with (home / "portal.log").open("ab") as log:
        process = subprocess.Popen(command, env=settings, cwd=home, stderr=log)
    try:
        until_answered(f"http://127.0.0.1:{port}/readyz", process)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_WITHIN_S)


def until_answered(
    address: str, process: subprocess.Popen[bytes], *, trusting: ssl.SSLContext | bool = True
) -> httpx.Response:
    """The first answer of somebody who is only just starting."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return httpx.get(address, verify=trusting, trust_env=False)
        except httpx.TransportError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(LOOK_EVERY_S)
