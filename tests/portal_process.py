"""A house on disk with a portal of its own as a process, for tests of what only a real one shows."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx

from actions.accounts import hash_token
from deployments.server import free_port
from records import clock
from records.migrating import migrate
from records.store import Store
from records.token_tables import TokenRow
from records.vault import make_key, open_vault
from rules.access import SCOPES

PATIENCE = 60.0


def make_house(home: Path) -> Store:
    """What ``hqe up`` leaves on a machine, in SQLite."""
    make_key(home / "secret.key")
    store = Store(f"sqlite:///{home / 'hqe.db'}", vault=open_vault(home / "secret.key"), home=home)
    migrate(store.engine)
    return store


@contextmanager
def serving(
    home: Path, *, port: int | None = None, **env: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The portal's process and its address on loopback, once it is ready to work."""
    port = port or free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HQE_")}
    settings = {**inherited, "HQE_HOME": str(home), "HQE_PORTAL_PORT": str(port), **env}
    command = [sys.executable, "-P", "-m", "portal.serving"]
    with (home / "portal.log").open("ab") as log:
        process = subprocess.Popen(command, env=settings, cwd=home, stderr=log)
    try:
        until_answered(f"http://127.0.0.1:{port}/readyz", process)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def until_answered(
    address: str, process: subprocess.Popen[bytes], *, trusting: ssl.SSLContext | bool = True
) -> httpx.Response:
    """The first answer of somebody who is only just starting."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return httpx.get(address, verify=trusting)
        except httpx.TransportError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def token_for(store: Store, person_id: str, text: str = "hqe_test") -> dict[str, str]:
    """The header of a program that acts as this person."""
    now = clock.host_now()
    with store.writing() as session:
        row = TokenRow(
            person_id=person_id, token_hash=hash_token(text), name="程序", scopes=list(SCOPES),
            made_by=person_id, made_at=now, expires_at=now + timedelta(days=1),
        )  # fmt: skip
        session.add(row)
    return {"Authorization": f"Bearer {text}"}
