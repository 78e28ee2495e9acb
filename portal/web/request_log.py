"""Every request gets a number, a line in the log and a place in the counters; never an address or a name."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("hqe.access")

UNKNOWN = "unknown"
"""The route of whatever leads nowhere."""

Heard = Callable[[str, str, int, float], object]
"""Hears method, route template, status and seconds of each answer."""


class Recount:
    """Outermost of all: what the others answer is what is counted."""

    def __init__(self, app: ASGIApp, heard: Heard) -> None:
        self.app = app
        self._heard = heard
        self._routes: Mapping[Any, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, began, status = secrets.token_hex(4), time.perf_counter(), 500
        scope.setdefault("state", {})["request_id"] = number

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            self._tell(scope, number, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, number: str, status: int, seconds: float) -> None:
        method, route = scope["method"], self._route(scope)
        self._heard(method, route, status, seconds)
        facts = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000),
            "request_id": number,
        }
        log.info("%(method)s %(route)s %(status)s %(ms)s ms %(request_id)s", facts)

    def _route(self, scope: Scope) -> str:
        if not self._routes:
            self._routes = templates(scope)
        return self._routes.get(scope.get("endpoint"), UNKNOWN)


def templates(scope: Scope) -> dict[Any, str]:
    """Endpoint -> the path under which it was added, with its parameters' names instead of their values."""
    routes = scope["app"].routes if "app" in scope else []
    return {getattr(one, "endpoint", None) or getattr(one, "app", None): one.path for one in routes}
