"""How a program is let in: a token instead of a session, then the same table of rights, the same acts."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import IO, Any

from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from actions.people.refused_access import note_refused
from actions.people.tokens import holder_of
from portal.api.rate_limit import Pace
from portal.web import problems
from portal.web.errors import tell_broken
from portal.web.path_objects import Found, find
from portal.web.problems import problem, refusal
from portal.web.request import House, house_of, way
from portal.web.security import (
    DOSSIER,
    FORM,
    Body,
    TooLarge,
    TooSlow,
    announced_too_large,
    is_own_origin,
    unseen_signs,
)
from records import audit, clock
from records.faults import why_not
from records.people import people
from records.store import Store
from records.tables.people import PersonRow, TokenRow
from rules.campaign.campaign import Person
from rules.entries import TOO_LONG
from rules.people.rights import grants, may
from rules.refusals import Refused
from rules.signs import any_text, has_unseen, is_too_long
from workbooks.file.guard import MAX_BYTES

DOOR = "api"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES = (XLSX, "application/octet-stream")
MULTIPART = "multipart/form-data"
JSON = "application/json"
FILE_FIELD = "dossier"
IN_MEMORY = 2**20
"""Greater files wait on disk until they are stored: many may come at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was brought, where it waits until the answer is given."""

    file: IO[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in: for whom, with what rights, about what, and what it brought."""

    house: House
    request: Request
    now: datetime
    person: PersonRow
    rule_person: Person
    token: TokenRow
    found: Found
    body: object

    @property
    def store(self) -> Store:
        return self.house.store

    def may(self, right: str) -> bool:
        """Whether this token, and its person, have another right on the same object too."""
        return grants(self.token.scopes, right) and may(right, self.rule_person, self.found.place)


@dataclass(frozen=True, slots=True)
class ApiRoute:
    """A route for programs, with its right. ``takes`` is a shape for JSON, ``bytes`` for a file, None for nothing."""

    method: str
    path: str
    right: str
    answer: Callable[[Call], object]
    gives: type
    summary: str
    takes: type | None = None
    status: int = 200
    refuses: tuple[int, ...] = ()
    """Statuses of refusals beyond those that every route has."""

    @property
    def body(self) -> Body:
        return DOSSIER if self.takes is bytes else FORM


@dataclass(slots=True)
class Paces:
    """How often programs may knock: by token, and by address with tokens that open nothing."""

    tokens: Pace
    strangers: Pace


def usual_paces() -> Paces:
    return Paces(tokens=Pace(300), strangers=Pace(60))


def add_routes(app: FastAPI, routes: tuple[ApiRoute, ...]) -> None:
    for route in routes:
        app.add_route(route.path, _never_broken(route), methods=[route.method], include_in_schema=False)


def _never_broken(route: ApiRoute) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        try:
            return await _guarded(route, request)
        except (HTTPException, TooLarge, TooSlow):
            raise
        except Exception as error:
            tell_broken(request, error)
            why = why_not(error)
            if why:
                return problem(request, 503, Refused("unwritten", why))
            return problem(request, 500, problems.BROKEN)

    return answered


async def _guarded(route: ApiRoute, request: Request) -> Response:
    house = house_of(request)
    if way(request, house.settings) is None:
        return problem(request, 400, problems.PLAIN_HTTP)
    unseen = unseen_signs(request)
    if unseen is not None:
        return problem(request, unseen, problems.BY_STATUS[unseen])
    if not is_own_origin(request, house.settings):
        return problem(request, 403, problems.FOREIGN_ORIGIN)
    known = await run_in_threadpool(_known, request)
    if isinstance(known, Response):
        return known
    entered = await run_in_threadpool(_enter, route, request, known)
    if isinstance(entered, Response):
        return entered
    body = await _body(route, request)
    if isinstance(body, Response):
        return body
    try:
        return await run_in_threadpool(_answer, route, entered(body))
    finally:
        if isinstance(body, Kept):
            body.file.close()


def _known(request: Request) -> tuple[TokenRow, PersonRow] | Response:
    """Whose token was sent, counted before and after it is looked up."""
    paces: Paces = request.app.state.paces
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return problem(request, 401, problems.NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
    address = request.client.host if request.client else ""
    known = holder_of(house_of(request).store, token.strip(), host_now=clock.host_now())
    pace, key = (paces.tokens, str(known[0].id)) if known else (paces.strangers, address)
    wait = pace.wait(key)
    if wait:
        return problem(request, 429, problems.TOO_FAST, headers={"Retry-After": str(wait)})
    if known is None:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        return problem(request, 401, problems.DEAD_TOKEN, headers=headers)
    return known


def _enter(
    route: ApiRoute, request: Request, known: tuple[TokenRow, PersonRow]
) -> Callable[[object], Call] | Response:
    """Let a program in, or say that there is nothing: what is not theirs looks like what does not exist."""
    house, (token, person) = house_of(request), known
    rule_person = people.as_rule(person)
    with house.store.reading() as session:
        found = find(session, request.path_params)
        now = clock.read(session)
    if found is None:
        return problem(request, 404, problems.NOT_FOUND)
    if not grants(token.scopes, route.right) or not may(route.right, rule_person, found.place):
        note_refused(
            house.store,
            person_id=person.id,
            right=route.right,
            path=request.url.path,
            address=request.client.host if request.client else "",
            now=now,
            host_now=clock.host_now(),
        )
        return problem(request, 404, problems.NOT_FOUND)

    def call(body: object) -> Call:
        return Call(
            house=house, request=request, now=now, person=person, rule_person=rule_person,
            token=token, found=found, body=body,
        )  # fmt: skip

    return call


async def _body(route: ApiRoute, request: Request) -> object:
    """What was brought, in the shape that the route takes, or the answer that it is not in it."""
    if route.takes is None:
        return None
    if route.takes is bytes:
        return await _file(request)
    if _media_type(request) != JSON:
        return problem(request, 415, problems.WRONG_TYPE)
    try:
        read = adapter(route.takes).validate_json(await request.body())
        plain = adapter(route.takes).dump_python(read, mode="json")
        if any_text(plain, has_unseen):
            return problem(request, 400, problems.BAD_REQUEST)
        return problem(request, 422, TOO_LONG) if any_text(plain, is_too_long) else read
    except ValidationError as error:
        return problem(request, 422, _misshapen(error))


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _misshapen(error: ValidationError) -> Refused:
    """Which fields are wrong; never what stood in them."""
    fields = sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()} - {""})
    where = f"有误的字段：{'、'.join(fields)}。" if fields else ""
    return Refused("misshapen", f"请求内容不是接口说明所列的JSON，没有办理任何事项。{where}请修改后重试。")


async def _file(request: Request) -> Kept | Response:
    """The file as raw bytes or as the one file of a form."""
    if announced_too_large(request, limit=DOSSIER.most):
        return problem(request, 413, problems.TOO_LARGE)
    kind = _media_type(request)
    if kind == MULTIPART:
        form = await request.form(max_files=1, max_fields=1)
        file = form.get(FILE_FIELD)
        if isinstance(file, UploadFile):
            return Kept(file.file)
        await form.close()
        return problem(request, 400, problems.BAD_REQUEST)
    if kind not in BYTES:
        return problem(request, 415, problems.WRONG_TYPE)
    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed when it is stored)
    try:
        async for chunk in request.stream():
            kept.write(chunk)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)
    return Kept(kept)


def _answer(route: ApiRoute, call: Call) -> Response:
    with audit.through(DOOR), audit.coming_from(call.request.client.host if call.request.client else ""):
        done = route.answer(call)
    if isinstance(done, Refused):
        return refusal(call.request, done)
    return Response(adapter(route.gives).dump_json(done), route.status, media_type=JSON)


@cache
def adapter(shape: type) -> TypeAdapter[Any]:
    """Reads and writes one shape; making it costs more than using it."""
    return TypeAdapter(shape)


def dossier_in(call: Call) -> bytes:
    """The file that was brought, and one byte more where it is too large."""
    assert isinstance(call.body, Kept)
    return call.body.file.read(MAX_BYTES + 1)
