"""The OpenAPI document of the JSON interface, made from its routes and shapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal

from fastapi import FastAPI
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from config.settings import Settings
from portal.api.access import BYTES, FILE_FIELD, JSON, MULTIPART, ApiRoute
from portal.api.routes import API_ROUTES, V1
from portal.web.problems import MEDIA_TYPE, TITLES, Problem
from rules.people.rights import ANY_TOKEN, SCOPES

VERSION = "1.0.0"
REFERENCE = "#/components/schemas/{model}"
EVERYWHERE = (400, 401, 403, 404, 429, 500)
"""Statuses with which any route may refuse."""
ABOUT = (
    "Doors for programs that act as a person. A token is made on the portal's account page or by "
    "`hqe people token`; it opens no more than its person may. Whatever is not theirs answers 404, as if it "
    "did not exist. Refusals are RFC 9457 problems: `code` is stable, `detail` a Chinese sentence. "
    "Times are RFC 3339 in UTC."
)
PARAMETERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "campaign_id": ("A campaign, as `GET /api/v1/token` names it", {"type": "string", "minLength": 1}),
    "village_code": ("A village's official code", {"type": "string", "minLength": 1}),
    "upload_id": ("A version of a dossier, as its receipt says", {"type": "integer", "minimum": 1}),
    "gate_id": ("A gate", {"type": "integer", "minimum": 1}),
}
BINARY = {"type": "string", "format": "binary"}


def add_route(app: FastAPI, settings: Settings) -> None:
    """Open to everybody: it says what could be asked, and nothing of what is there."""

    @cache
    def document() -> dict[str, Any]:
        return openapi(server=settings.public_url)

    async def answer(_request: Request) -> Response:
        return JSONResponse(document())

    app.add_route(f"{V1}/openapi.json", answer, methods=["GET"], include_in_schema=False)


def openapi(*, server: str) -> dict[str, Any]:
    """The whole document; ``server`` is the portal's public address or path prefix."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "hqe", "version": VERSION, "description": ABOUT},
        "servers": [{"url": server or "/"}],
        "security": [{"token": []}],
        "paths": _paths(API_ROUTES),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _scopes()}},
            "schemas": _schemas(API_ROUTES),
            "responses": {_name(status): _refusal(status) for status in TITLES},
        },
    }


def _scopes() -> str:
    return "Scopes: " + "; ".join(f"`{scope}` {title}" for scope, title in SCOPES.items())


def _paths(routes: Iterable[ApiRoute]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return paths


def _operation(route: ApiRoute) -> dict[str, Any]:
    needs = "any token" if route.right == ANY_TOKEN else f"scope `{route.right}`"
    statuses = sorted({*EVERYWHERE, *route.refuses})
    operation: dict[str, Any] = {
        "operationId": route.answer.__name__,
        "summary": route.summary,
        "description": f"Needs {needs}.",
        "parameters": [_parameter(name) for name in re.findall(r"{(\w+)}", route.path)],
        "responses": {
            str(route.status): {
                "description": "Done",
                "headers": _headers(),
                "content": {JSON: {"schema": _reference(route.gives)}},
            },
            **{str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in statuses},
        },
    }
    if route.takes is not None:
        operation["requestBody"] = {"required": True, "content": _brings(route.takes)}
    return operation


def _parameter(name: str) -> dict[str, Any]:
    about, schema = PARAMETERS[name]
    return {"name": name, "in": "path", "required": True, "description": about, "schema": dict(schema)}


def _brings(takes: type) -> dict[str, Any]:
    if takes is not bytes:
        return {JSON: {"schema": _reference(takes)}}
    form = {"type": "object", "properties": {FILE_FIELD: BINARY}, "required": [FILE_FIELD]}
    return {**{kind: {"schema": BINARY} for kind in BYTES}, MULTIPART: {"schema": form}}


def _reference(shape: type) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=shape.__name__)}


def _schemas(routes: Iterable[ApiRoute]) -> dict[str, Any]:
    shapes: list[tuple[str, TypeAdapter[Any], Literal["validation", "serialization"]]] = []
    for route in routes:
        shapes.append(("gives", TypeAdapter(route.gives), "serialization"))
        if route.takes not in (None, bytes):
            shapes.append(("takes", TypeAdapter(route.takes), "validation"))
    shapes.append(("refuses", TypeAdapter(Problem), "serialization"))
    inputs = [(number, mode, adapter) for number, (_, adapter, mode) in enumerate(shapes)]
    _, found = TypeAdapter.json_schemas(inputs, ref_template=REFERENCE)
    return dict(found["$defs"])


def _name(status: int) -> str:
    return f"Refused{status}"


def _refusal(status: int) -> dict[str, Any]:
    headers = _headers()
    if status == 429:
        headers["Retry-After"] = {"description": "Seconds to wait", "schema": {"type": "string"}}
    if status == 401:
        headers["WWW-Authenticate"] = {"description": "Bearer", "schema": {"type": "string"}}
    return {
        "description": TITLES[status],
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": _reference(Problem)}},
    }


def _headers() -> dict[str, Any]:
    return {"X-Request-ID": {"description": "What the log calls the request", "schema": {"type": "string"}}}
