"""The server's wrapper and settings; the server itself is started by the canaries."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from deployments import server
from deployments.blank import lay_out


class Locked:
    """An application that is busy a few times before it answers; it raises after it answered, as Starlette does."""

    def __init__(self, *, busy: int) -> None:
        self.busy = busy
        self.bodies: list[bytes] = []

    async def __call__(self, _scope: server.Scope, receive: server.Receive, send: server.Send) -> None:
        self.bodies.append((await receive())["body"])
        is_busy = len(self.bodies) <= self.busy
        await send({"type": "http.response.start", "status": 503 if is_busy else 201, "headers": []})
        await send({"type": "http.response.body", "body": b"busy" if is_busy else b"made"})
        if is_busy:
            raise RuntimeError("database is locked")


def ask(application: server.Application, *, path: str = "/api/flow_runs/") -> list[server.Message]:
    parts: list[server.Message] = [
        {"type": "http.request", "body": b"one ", "more_body": True},
        {"type": "http.request", "body": b"run", "more_body": False},
    ]
    said: list[server.Message] = []

    async def receive() -> server.Message:
        return parts.pop(0)

    async def send(message: server.Message) -> None:
        said.append(message)

    async def request() -> None:
        await server.ask_again_when_busy(application)({"type": "http", "path": path}, receive, send)

    asyncio.run(request())
    return said


def test_busy_database_is_asked_again_with_the_same_body() -> None:
    application = Locked(busy=2)

    said = ask(application)

    assert application.bodies == [b"one run"] * 3
    assert [message.get("status") or message["body"] for message in said] == [201, b"made"]


def test_database_busy_for_good_is_answered_with_a_time_to_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PAUSE_WHEN_BUSY", 0.0)
    application = Locked(busy=10_000)

    with pytest.raises(RuntimeError, match="locked"):
        ask(application)

    assert len(application.bodies) == server.TRIES_WHEN_BUSY


def test_password_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = server.password(tmp_path), server.password(tmp_path)

    mode = stat.S_IMODE((tmp_path / "prefect" / "password").stat().st_mode)
    assert (first == second, first.startswith("hqe:"), mode) == (True, True, 0o600)


def test_settings_name_loopback_a_password_and_no_telemetry(tmp_path: Path) -> None:
    settings = server.server_environment(tmp_path, port=1234, password="hqe:x")

    assert settings["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert settings["PREFECT_SERVER_API_AUTH_STRING"] == "hqe:x"
    assert (settings["PREFECT_SERVER_ANALYTICS_ENABLED"], settings["DO_NOT_TRACK"]) == ("false", "1")
    assert settings["PREFECT_HOME"] == str(tmp_path / "prefect")


def test_settings_of_the_callers_shell_are_left_out() -> None:
    assert server.without_prefect({"PREFECT_API_URL": "https://elsewhere", "PATH": "/bin"}) == {
        "PATH": "/bin"
    }


def test_blank_database_is_copied_and_an_existing_one_left_alone(tmp_path: Path) -> None:
    blank, database = tmp_path / "blank.db", tmp_path / "prefect.db"
    blank.write_bytes(b"blank")

    lay_out(database, blank=blank)
    database.write_bytes(database.read_bytes() + b" and more")
    lay_out(database, blank=blank)

    assert database.read_bytes() == b"blank and more"
