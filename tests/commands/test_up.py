"""`hqe up` with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from commands.main import main
from deployments.prefect_server import server
from tests.prefect_server import eventually

pytestmark = pytest.mark.programs

CAMPAIGN_ID = "longquan-2020"
STOPS_WITHIN = 120


@pytest.fixture(autouse=True)
def free_portal_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HQE_PORTAL_PORT", str(server.free_port()))


class Up:
    """`hqe up` in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, server.free_port()
        self.portal = os.environ["HQE_PORTAL_PORT"]
        self.url = server.api_url(self.port)
        environment = server.without_prefect(os.environ) | {"PYTHONUNBUFFERED": "1"}
        with (home / "said").open("wb") as said:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).parent / "hqe"), *self.arguments()],
                stdout=said,
                stderr=said,
                env=environment,
            )

    def arguments(self) -> list[str]:
        return ["up", "--home", str(self.home), "--port", str(self.port)]

    def said(self) -> str:
        return (self.home / "said").read_text()

    def child(self, module: str) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie between its death and its restart
                if module in child.cmdline():
                    return child
        return None


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Up]:
    started = Up(tmp_path)
    yield started
    started.process.kill()
    started.process.wait()


def test_up_starts_restarts_what_dies_refuses_a_second_and_stops_as_one(started: Up) -> None:
    eventually(lambda: "hqe is up" in started.said() or started.process.poll() is not None)
    assert started.url.removesuffix("/api") in started.said()
    assert server.password(started.home) in started.said()

    second = CliRunner().invoke(main, started.arguments())
    assert (second.exit_code, "已有一个 hqe up 在运行" in second.output) == (1, True)

    worker_log = started.home / "logs" / "worker.log"
    eventually(lambda: "at work" in worker_log.read_text())
    eventually(lambda: server.answers(f"http://127.0.0.1:{started.portal}/healthz"))
    killed = started.child("deployments.prefect_server.server")
    assert killed is not None
    killed.kill()
    eventually(lambda: (started.child("deployments.prefect_server.server") or killed).pid != killed.pid)
    eventually(lambda: server.is_healthy(started.url))
    assert knows_deployments(started)

    children = psutil.Process(started.process.pid).children(recursive=True)
    since = time.monotonic()
    started.process.send_signal(signal.SIGTERM)
    assert (started.process.wait(STOPS_WITHIN), time.monotonic() - since < STOPS_WITHIN) == (0, True)
    assert [child for child in children if child.is_running() and child.status() != "zombie"] == []


def knows_deployments(up: Up) -> bool:
    """Whether the server answers with our deployments, by the password that `up` printed."""
    import base64

    token = base64.b64encode(server.password(up.home).encode()).decode()
    asked = urllib.request.Request(
        f"{up.url}/deployments/count",
        data=b"{}",
        headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked) as answer:
        return int(answer.read()) == 7


def test_up_refuses_a_campaign_whose_dates_have_passed_before_it_starts_anything(tmp_path: Path) -> None:
    arguments = ["up", "--home", str(tmp_path), "--port", str(server.free_port()), "--campaign", CAMPAIGN_ID]

    refused = CliRunner().invoke(main, arguments)

    assert (refused.exit_code, "--late" in refused.output) == (1, True)
    assert not (tmp_path / "logs").exists()


def test_up_told_only_to_prepare_makes_key_and_tables_and_starts_nothing(tmp_path: Path) -> None:
    arguments = ["up", "--home", str(tmp_path), "--port", str(server.free_port()), "--only-prepare"]

    prepared = CliRunner().invoke(main, arguments)

    assert (prepared.exit_code, str(tmp_path / "secret.key") in prepared.output) == (0, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hqe.db", "secret.key", "up.lock"]
