"""A body that does not come on: let go with a sentence, before anything of it is parsed."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import ASGIApp

from portal.web import security
from portal.web.security import LEAST_RATE, LimitBodies, TooSlow
from tests.portal.conftest import HERE, HOST, Portal

PATIENCE = 0.3


@contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    """The application behind a real server, on this port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


PART = '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\na'


@pytest.mark.parametrize(
    ("kind", "begun"),
    [("application/x-www-form-urlencoded", "name=a"), ("multipart/form-data; boundary=x", PART)],
)
def test_body_that_stands_still_is_let_go_with_a_sentence(portal: Portal, kind: str, begun: str) -> None:
    visitor = portal.visitor()
    visitor.get("/login")
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    request = (
        f"POST /login HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {HERE}\r\nCookie: {cookies}\r\n"
        f"X-Forwarded-Proto: https\r\nContent-Type: {kind}\r\nContent-Length: 4096\r\n\r\n{begun}"
    )
    with (
        listening(LimitBodies(portal.app, patience=PATIENCE)) as port,
        socket.create_connection(("127.0.0.1", port), timeout=30) as line,
    ):
        line.sendall(request.encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))

    head, _, page = answer.decode().partition("\r\n\r\n")
    assert (head.split("\r\n")[0], "connection: close" in head.lower(), "很久没有传完" in page) == (
        "HTTP/1.1 408 Request Timeout",
        True,
        True,
    )


def pieces_taken(sizes: list[int], *, ends: bool) -> list[int] | str:
    """What an application gets of a body that comes in these pieces and then stands still, or is whole."""
    taken: list[int] = []

    async def receive() -> dict[str, object]:
        if sizes:
            size = sizes.pop(0)
            return {"type": "http.request", "body": bytes(size), "more_body": bool(sizes) or not ends}
        await asyncio.Event().wait()
        raise AssertionError

    async def app(_: object, take: object, __: object) -> None:
        while True:
            message = await take()  # type: ignore[operator]
            taken.append(len(message["body"]))
            if not message["more_body"]:
                break

    async def send(_: object) -> None:
        raise AssertionError

    try:
        scope = {"type": "http", "path": "/uploads"}
        asyncio.run(LimitBodies(app, patience=PATIENCE)(scope, receive, send))  # type: ignore[arg-type]
    except TooSlow:
        return "too slow"
    return taken


def test_body_that_comes_on_has_more_time_and_one_that_stands_still_has_not() -> None:
    assert pieces_taken([10, 20, 30], ends=True) == [10, 20, 30]
    assert pieces_taken([10, 20], ends=False) == "too slow"


def test_whole_body_ends_the_waiting_so_that_slow_work_is_not_cut_off() -> None:
    async def app(_: object, take: object, __: object) -> None:
        await take()  # type: ignore[operator]
        await asyncio.wait_for(take(), PATIENCE * 3)  # type: ignore[operator]

    told = iter([{"type": "http.request", "body": b"x", "more_body": False}])

    async def receive() -> dict[str, object]:
        for message in told:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    async def send(_: object) -> None:
        raise AssertionError

    scope = {"type": "http", "path": "/uploads"}
    with pytest.raises(TimeoutError):
        asyncio.run(LimitBodies(app, patience=PATIENCE)(scope, receive, send))  # type: ignore[arg-type]


def test_largest_bodies_may_take_as_long_as_a_slow_line_needs() -> None:
    assert (security.UPLOAD_BYTES / LEAST_RATE / 60 > 30, LEAST_RATE * 8 <= 65_536) == (True, True)
