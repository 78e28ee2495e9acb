"""Lets one request write at a time and asks a busy SQLite again, so that no client of Prefect ever waits for it.

SQLite refuses a reader that turns writer while another writes. Prefect rolls back and answers 503, and its client
waits 2, 4, 8 ... seconds for a lock that is held for milliseconds; asked again at once, two or three runs side by
side double the work of the server. In a queue they cost what they cost one after another: a Prefect server is
one process, so nothing is lost. What its own services write meanwhile still makes a request busy now and then.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

BUSY = 503
TRIES = 60
PAUSE = 0.03
RETRY_AFTER = b"0.5"
# Prefect asks its questions by POST as well.
QUESTIONS = ("/filter", "/paginate", "/count", "/history", "/lateness")


class OneWriter:
    """An ASGI application around Prefect's.

    Who is told 503 in the end finds a `Retry-After`, which Prefect's own client obeys.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._writing = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._application(scope, receive, send)
            return
        body = await _whole_body(receive)
        async with self._turn(scope):
            for tries_left in reversed(range(TRIES)):
                answer = _Answer(send, keep_busy=tries_left > 0)
                await self._ask(scope, _replay(body, receive), answer)
                if not answer.was_busy:
                    return
                await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))

    def _turn(self, scope: Scope) -> AbstractAsyncContextManager[Any]:
        asks = scope["method"] in ("GET", "HEAD", "OPTIONS") or scope["path"].endswith(QUESTIONS)
        return nullcontext() if asks else self._writing

    async def _ask(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            await self._application(dict(scope), receive, answer)
        except Exception:
            # Starlette raises the error once more after it has answered it.
            if not answer.was_busy:
                raise


class _Answer:
    """Passes an answer on, except a 503 that is to be kept back."""

    def __init__(self, send: Send, *, keep_busy: bool) -> None:
        self._send = send
        self._keep_busy = keep_busy
        self.was_busy = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == BUSY:
            self.was_busy = self._keep_busy
            message["headers"] = [*message.get("headers", ()), (b"retry-after", RETRY_AFTER)]
        if not self.was_busy:
            await self._send(message)


async def _whole_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay
