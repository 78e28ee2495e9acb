"""The portal below a path of its public address: what comes in loses the path, what goes out gets it."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LINK = re.compile(rb'((?:\s|<)(?:href|src|srcset|action|formaction|data-[a-z-]+)=")(/(?!/)[^"]*")')
"""A local address in a page of ours; what people typed is escaped, so its quotes are never these."""
REFRESH = re.compile(rb'(\scontent="\d+;\s*url=)(/(?!/))')


class UnderPrefix:
    """Only for a public address with a path; pages, routes and tests know nothing of it."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._prefix:
            await self.app(scope, receive, send)
            return
        scope["path"] = self._without(scope["path"])
        await self.app(scope, receive, Outgoing(send, self._prefix))

    def _without(self, path: str) -> str:
        """A proxy may strip the path or pass it on; a watcher on this machine leaves it out."""
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            return path.removeprefix(self._prefix) or "/"
        return path


class Outgoing:
    """Sends an answer with every local address below the prefix; a page is held until it is whole."""

    def __init__(self, send: Send, prefix: str) -> None:
        self._send, self._prefix = send, prefix
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            place = headers.get("location", "")
            if place.startswith("/") and not place.startswith("//"):
                headers["location"] = self._prefix + place
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None:
            self._page += message.get("body", b"")
            if message.get("more_body", False):
                return
            await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        page = under(self._page, self._prefix.encode())
        headers = MutableHeaders(scope=start)
        if self._page:
            headers["content-length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def under(page: bytes, prefix: bytes) -> bytes:
    """A page whose local addresses begin with ``prefix``."""
    linked = LINK.sub(lambda found: found[1] + prefix + found[2], page)
    return REFRESH.sub(lambda found: found[1] + prefix + found[2], linked)
