"""One request handed on to the Prefect server, with the house's password instead of the browser's cookies."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from urllib.parse import quote

import httpx
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from config.places import PrefectAccess

PATIENCE_S = 60.0
SETTINGS = "/ui-settings"
"""Where Prefect's pages ask for the address of its interface, and whether to ask for a password."""
ASKED = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "if-none-match", "range"})
ASKED_OF_PREFECT = "x-prefect-"
ANSWERED = frozenset(
    {"content-type", "content-encoding", "content-length", "content-disposition", "content-range", "etag"}
    | {"last-modified", "accept-ranges", "vary"}
)
"""What passes, either way. Cookies, keys, and what a server says of itself stay on their side."""


class Away(Exception):
    """Prefect does not answer."""


async def ask(access: PrefectAccess, request: Request, body: bytes, *, shown_at: str) -> Response:
    """What Prefect answers; its pages are told that they lie at ``shown_at`` and need no password.

    Raises ``Away`` when it does not answer.
    """
    # Quoted anew from what was judged: what is asked is what was looked at, however it had been written.
    path = quote(request.url.path)
    address = f"{access.address}{path}" + (f"?{request.url.query}" if request.url.query else "")
    # Nothing is kept open between two requests: Prefect is on this machine, or in the same private network.
    client = httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False, verify=access.api.startswith("https:"))
    try:
        asked = client.build_request(request.method, address, headers=_headers(access, request), content=body)
        answer = await client.send(asked, stream=True)
        if request.url.path == SETTINGS and answer.is_success:
            return await _own_settings(client, answer, shown_at)
    except httpx.HTTPError as error:
        await client.aclose()
        raise Away from error
    return StreamingResponse(
        answer.aiter_raw(),
        answer.status_code,
        dict(_passing(answer.headers.items(), shown_at=shown_at, address=access.address)),
        background=BackgroundTask(_close, answer, client),
    )


def _headers(access: PrefectAccess, request: Request) -> dict[str, str]:
    kept = {
        name: value
        for name, value in request.headers.items()
        if name in ASKED or name.startswith(ASKED_OF_PREFECT)
    }
    password = base64.b64encode(access.password.encode()).decode()
    # It never packs an answer that is to be read here.
    plain = {"accept-encoding": "identity"} if request.url.path == SETTINGS else {}
    return {"accept-encoding": "identity", **kept, **plain, "authorization": f"Basic {password}"}


def _passing(headers: Iterable[tuple[str, str]], *, shown_at: str, address: str) -> Iterable[tuple[str, str]]:
    for name, value in headers:
        if name.lower() == "location":
            yield name, shown_at + value.removeprefix(address) if value.startswith(address) else value
        elif name.lower() in ANSWERED:
            yield name, value


async def _own_settings(client: httpx.AsyncClient, answer: httpx.Response, shown_at: str) -> Response:
    await answer.aread()
    await _close(answer, client)
    return JSONResponse({**answer.json(), "api_url": f"{shown_at}/api", "auth": None})


async def _close(answer: httpx.Response, client: httpx.AsyncClient) -> None:
    await answer.aclose()
    await client.aclose()
