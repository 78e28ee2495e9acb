"""A real Prefect server for tests: one per session, on a free port, in a home of its own."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.places import ROOT
from deployments.prefect_server import server
from deployments.worker.registry import Registered

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient


NEVER_SO_LONG = 600.0
"""What has not come within so many seconds never comes, however busy the machine is."""


@dataclass(frozen=True)
class Running:
    """Where the server of this session listens and what it keeps."""

    home: Path
    port: int

    @property
    def url(self) -> str:
        return server.api_url(self.port)


@contextmanager
def serving(home: Path, *, port: int) -> Iterator[Running]:
    """The server process, as the stack starts it."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "deployments.prefect_server.server",
        "--home",
        str(home),
        "--port",
        str(port),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (home / "server.log").open("ab") as log_to:
        process = subprocess.Popen(command, env=environment, stdout=log_to, stderr=log_to)
    try:
        server.wait_until_healthy(
            server.api_url(port), timeout=NEVER_SO_LONG, give_up=lambda: process.poll() is not None
        )
        yield Running(home, port)
    finally:
        process.terminate()
        process.wait()


STARTED = pytest.StashKey[Running]()


@pytest.fixture(scope="session")
def prefect_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Running:
    """One server, though several folders import this fixture: it ends with the session, not with a folder."""
    config = request.config
    if STARTED not in config.stash:
        opened = ExitStack()
        config.add_cleanup(opened.close)
        home = tmp_path_factory.mktemp("prefect-home")
        running = opened.enter_context(serving(home, port=server.free_port()))
        opened.enter_context(settings_for(running))
        config.stash[STARTED] = running
    return config.stash[STARTED]


@contextmanager
def settings_for(running: Running) -> Iterator[None]:
    """Settings of this process and of all its threads; a thread starts without its parent's context."""
    import prefect.context

    before = dict(os.environ)
    environment = server.client_environment(
        running.home, port=running.port, password=server.password(running.home)
    )
    # Runs that fail on purpose would otherwise still be sending their logs when the server is gone.
    os.environ.update(environment | {"PREFECT_LOGGING_TO_API_ENABLED": "false"})
    prefect.context.refresh_global_settings_context()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        prefect.context.refresh_global_settings_context()


@pytest.fixture
def prefect_client(prefect_server: Running) -> Iterator[SyncPrefectClient]:
    """The one client of the test's thread; the engine without its heartbeat thread."""
    from deployments.worker.execution import one_client, quiet_engine

    with quiet_engine(), one_client() as opened:
        yield opened


def deployment_of(kind: str, module: str, *, name: str = "") -> Registered:
    """A deployment `kind/kind` whose flow is the function `name` (or `kind`) of a test module."""
    return Registered(kind, "测试", f"{module}:{name or kind}")


@contextmanager
def sweeping() -> Iterator[None]:
    """Prefect's worker leaves the websocket of its channel to the garbage collector, which then warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def eventually(question: object, *, within: float = NEVER_SO_LONG) -> None:
    """Wait until `question()` is true; AssertionError with its last answer when it does not become true."""
    assert callable(question)
    deadline = time.monotonic() + within
    while not (answer := question()):
        assert time.monotonic() < deadline, f"still {answer!r} after {within} s"
        time.sleep(0.05)
