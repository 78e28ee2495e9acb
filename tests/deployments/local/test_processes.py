"""The local stack with real processes: up, killed, up again, down."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.places import ROOT
from deployments.local import processes
from deployments.local.preflight import Unfit
from deployments.local.processes import Stack
from deployments.prefect_server import server
from records.schema.migrate import migrate
from records.sealing.vault import make_key
from records.store import open_engine
from tests.prefect_server import eventually

pytestmark = pytest.mark.programs


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    url = f"sqlite:///{tmp_path / 'hqe.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    make_key(tmp_path / "secret.key")
    stack = Stack(tmp_path, environment={"HQE_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}, scheduled=False)
    try:
        yield stack
    finally:
        stack.stop()


def worker_says(stack: Stack, words: str) -> int:
    return (stack.home / "logs" / "worker.log").read_text().count(words)


def test_stack_survives_kills_and_a_deleted_prefect_database(stack: Stack) -> None:
    stack.start()
    eventually(lambda: worker_says(stack, "at work") == 1)
    first = stack.pids()

    for name in ("worker", "server"):
        stack.kill(name)
    stack.delete_prefect_database()
    eventually(lambda: (stack.look(), len(stack.pids()) == 2)[1])
    eventually(lambda: (stack.look(), server.is_healthy(server.api_url(stack.port)))[1])
    eventually(lambda: (stack.look(), worker_says(stack, "at work") == 2)[1])

    assert set(stack.pids().values()).isdisjoint(first.values())
    assert stack.stop() == {"worker": 0, "server": -signal.SIGTERM}
    assert worker_says(stack, "Traceback") == 0


def test_server_killed_while_it_starts_is_started_again(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, is_healthy = iter([True]), server.is_healthy

    def kill_first(url: str) -> bool:
        if next(asked, False):
            stack.kill("server")
        return is_healthy(url)

    monkeypatch.setattr(server, "is_healthy", kill_first)

    stack.start()

    assert (is_healthy(server.api_url(stack.port)), stack.deaths()["server"]) == (True, 1)


def test_server_that_dies_at_every_start_is_told_in_a_sentence(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LONGEST_PAUSE", processes.SHORTEST_PAUSE)
    monkeypatch.setattr(server, "is_healthy", lambda _: bool(stack.kill("server")))

    with pytest.raises(Unfit, match=r"Prefect 没有启动成功。原因见日志 .*server\.log"):
        stack.start()


def test_children_die_with_their_parent(tmp_path: Path) -> None:
    import subprocess
    import sys

    starts_and_dies = (
        "import os, sys; from pathlib import Path; from deployments.local.processes import Child\n"
        "child = Child('sleep', [sys.executable, '-c', 'import time; time.sleep(60)'], os.environ,"
        " Path(sys.argv[1]) / 'logs' / 'sleep.log')\n"
        "child.start(); print(child.process.pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", starts_and_dies, str(tmp_path)]
    ended = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    child = int(ended.stdout)

    eventually(lambda: not Path(f"/proc/{child}").exists() or "Z" in state_of(child))


def state_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"
