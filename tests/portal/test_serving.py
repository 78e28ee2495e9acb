"""The portal as a process: it starts, says that it is able to work, and ends when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from deployments.server import free_port
from records.migrating import migrate
from records.store import Store
from records.vault import make_key, open_vault


def test_process_serves_and_ends_cleanly(tmp_path: Path) -> None:
    make_key(tmp_path / "secret.key")
    store = Store(
        f"sqlite:///{tmp_path / 'hqe.db'}", vault=open_vault(tmp_path / "secret.key"), home=tmp_path
    )
    migrate(store.engine)
    store.close()
    port = free_port()
    env = {**os.environ, "HQE_HOME": str(tmp_path), "HQE_PORTAL_PORT": str(port)}
    command = [sys.executable, "-P", "-m", "portal.serving"]
    with subprocess.Popen(command, env=env, cwd=tmp_path) as process:
        try:
            assert _ready(f"http://127.0.0.1:{port}/readyz") == {"status": "ok"}
            assert httpx.head(f"http://127.0.0.1:{port}/login").status_code == 200
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)


def _ready(address: str) -> object:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return httpx.get(address).json()
        except httpx.ConnectError:
            time.sleep(0.05)
    raise TimeoutError(address)
