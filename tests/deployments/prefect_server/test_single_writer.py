"""The server's wrapper: requests that write queue up, a busy database is asked again."""

from __future__ import annotations

import asyncio

import pytest

from deployments.prefect_server import single_writer
from deployments.prefect_server.single_writer import OneWriter

pytestmark = pytest.mark.programs


class Locked:
    """An application that is busy a few times before it answers; it raises after it answered, as Starlette does."""

    def __init__(self, *, busy: int) -> None:
        self.busy = busy
        self.bodies: list[bytes] = []

    async def __call__(
        self, _scope: single_writer.Scope, receive: single_writer.Receive, send: single_writer.Send
    ) -> None:
        self.bodies.append((await receive())["body"])
        is_busy = len(self.bodies) <= self.busy
        await send({"type": "http.response.start", "status": 503 if is_busy else 201, "headers": []})
        await send({"type": "http.response.body", "body": b"busy" if is_busy else b"made"})
        if is_busy:
            raise RuntimeError("database is locked")


def ask(
    application: single_writer.Application, *, path: str = "/api/flow_runs/"
) -> list[single_writer.Message]:
    parts: list[single_writer.Message] = [
        {"type": "http.request", "body": b"one ", "more_body": True},
        {"type": "http.request", "body": b"run", "more_body": False},
    ]
    said: list[single_writer.Message] = []

    async def receive() -> single_writer.Message:
        return parts.pop(0)

    async def send(message: single_writer.Message) -> None:
        said.append(message)

    async def request() -> None:
        await OneWriter(application)({"type": "http", "method": "POST", "path": path}, receive, send)

    asyncio.run(request())
    return said


def test_busy_database_is_asked_again_with_the_same_body() -> None:
    application = Locked(busy=2)

    said = ask(application)

    assert application.bodies == [b"one run"] * 3
    assert [message.get("status") or message["body"] for message in said] == [201, b"made"]


def test_database_busy_for_good_is_answered_with_a_time_to_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_writer, "PAUSE", 0.0)
    application = Locked(busy=10_000)

    with pytest.raises(RuntimeError, match="locked"):
        ask(application)

    assert len(application.bodies) == single_writer.TRIES


class Counted:
    """An application that notes how many requests it works on at once."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0

    async def __call__(
        self, _scope: single_writer.Scope, _receive: single_writer.Receive, send: single_writer.Send
    ) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0)
        self.inside -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/api/flow_runs/1/set_state", 1),
        ("GET", "/api/flow_runs/1", 5),
        ("POST", "/api/flow_runs/filter", 5),
    ],
)
def test_requests_that_write_come_one_after_another(method: str, path: str, most: int) -> None:
    application = Counted()

    async def receive() -> single_writer.Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: single_writer.Message) -> None: ...

    async def five() -> None:
        wrapped = OneWriter(application)
        scope = {"type": "http", "method": method, "path": path}
        await asyncio.gather(*(wrapped(scope, receive, send) for _ in range(5)))

    asyncio.run(five())

    assert application.most == most
