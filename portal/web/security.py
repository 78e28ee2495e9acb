"""What every request passes: limits on its body, headers on its answer, and proof that a form is ours."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from urllib.parse import unquote, urlsplit

from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import Settings
from portal.web.request import form_token
from rules.entries import read_row_number
from rules.signs import has_unseen, is_too_long
from workbooks.file.guard import MAX_BYTES

FORM_BYTES = 256 * 1024
UPLOAD_BYTES = MAX_BYTES + FORM_BYTES
VISIT_BYTES = 64 * 1024 * 1024 + FORM_BYTES
"""Several photos at once, as telephones make them."""
TYPED_BYTES = 8 * 1024 * 1024
"""A roster of thousands of rows, pasted: a browser sends nine bytes for each Chinese sign."""
DOCUMENT_BYTES = 10 * 1024 * 1024
PATIENCE_S = 30.0
LEAST_RATE = 8 * 1024
"""Bytes a second: a body may take the patience, and then as long as it would at this rate."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not no-referrer: with it browsers send "Origin: null" with our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=()",
}
ONE_YEAR = "max-age=31536000"


@dataclass(frozen=True, slots=True)
class Body:
    """What a request to a route may bring: how much, how many files, and which sentence tells that it was too much."""

    most: int = FORM_BYTES
    files: int = 0
    told: str = "form_too_large"


FORM, DOSSIER = Body(), Body(UPLOAD_BYTES, files=1, told="too_large")
TYPED = Body(TYPED_BYTES, told="typed_too_large")
DOCUMENT = Body(DOCUMENT_BYTES + FORM_BYTES, files=1, told="document_too_large")


class Bodies:
    """What each path may be sent, as its route declares it; a form elsewhere."""

    def __init__(self, declared: Iterable[tuple[str, Body]] = ()) -> None:
        self._declared = [(compile_path(path)[0], body) for path, body in declared if body != FORM]

    def at(self, path: str) -> Body:
        return next((body for there, body in self._declared if there.match(path)), FORM)


class TooLarge(Exception):
    """A body went beyond its limit; nothing of it was parsed."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


class TooSlow(Exception):
    """A body did not come on; nothing of it was parsed."""


class LimitBodies:
    """Counts the stream itself, whatever its Content-Length says, and waits only for one that comes on."""

    def __init__(self, app: ASGIApp, patience: float = PATIENCE_S, bodies: Bodies | None = None) -> None:
        self.app, self.patience, self.bodies = app, patience, bodies or Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = self.bodies.at(scope["path"])
        seen, whole, begun = 0, False, monotonic()

        async def counted() -> Message:
            nonlocal seen, whole
            left = None if whole else begun + self.patience + seen / LEAST_RATE - monotonic()
            try:
                async with asyncio.timeout(left):
                    message = await receive()
            except TimeoutError:
                raise TooSlow from None
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > body.most:
                raise TooLarge(body.told)
            return message

        await self.app(scope, counted, send)


class AddHeaders:
    """Security headers on every answer; nothing but what lies below ``kept`` may be kept by a browser."""

    def __init__(self, app: ASGIApp, policy: str = POLICY, kept: str = "/static/") -> None:
        self.app, self._kept = app, kept
        self._headers = {**HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                kept = scope["path"].startswith(self._kept)
                headers["Cache-Control"] = "public, max-age=3600" if kept else "no-store"
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = ONE_YEAR
            await send(message)

        await self.app(scope, receive, dressed)


def announced_too_large(request: Request, *, limit: int) -> bool:
    """Whether the browser itself says that the body is beyond the limit."""
    length = request.headers.get("content-length", "0")
    return read_row_number(length) > limit


def unseen_signs(request: Request) -> int | None:
    """The status for a path (of nothing that is there) or a query with a control sign, on which a database chokes."""
    if has_unseen(unquote(request.url.path)):
        return 404
    return 400 if has_unseen(unquote(request.url.query)) else None


def form_has_unseen_signs(form: FormData) -> bool:
    """The same for what was typed into a form, and for the names of its files."""
    texts = (one if isinstance(one, str) else one.filename or "" for _, one in form.multi_items())
    return any(has_unseen(text) for text in texts) or any(has_unseen(name) for name in form)


def form_has_long_text(form: FormData) -> bool:
    """Whether more was typed into a field than anybody reads."""
    return any(isinstance(one, str) and is_too_long(one) for _, one in form.multi_items())


def is_from_us(request: Request, settings: Settings) -> bool:
    """Whether a form was sent by one of our own pages; a browser that says nothing is not believed."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    said = request.headers.get("origin") or _origin(request.headers.get("referer", ""))
    return said in _own_origins(request, settings)


def is_own_origin(request: Request, settings: Settings) -> bool:
    """Whether a program, or a page of our own, asks: a browser names the origin of any other page."""
    said = request.headers.get("origin")
    return said is None or said in _own_origins(request, settings)


def _own_origins(request: Request, settings: Settings) -> Iterable[str]:
    here = f"{request.url.scheme}://{request.url.netloc}"
    return {here, _origin(settings.public_url)} - {""}


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def is_our_form(token: str, brought: str) -> bool:
    """Whether the form brings back what this browser's page was given."""
    return bool(token) and hmac.compare_digest(form_token(token).encode(), brought.encode())
