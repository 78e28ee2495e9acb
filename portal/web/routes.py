"""Doors: every route with the right it needs; a route cannot be made without one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from actions.people.login import is_complete, session_in, session_of, touch
from actions.people.refused_access import note_refused
from portal.web.errors import BY_STATUS, HANDED_OVER, broken_page, error_page
from portal.web.language import language_of
from portal.web.path_objects import Found, find, where_it_went
from portal.web.request import Asked, PublicAsked, fresh_token, house_of, token_in, way
from portal.web.security import (
    FORM,
    TYPED,
    Body,
    TooLarge,
    TooSlow,
    announced_too_large,
    form_has_long_text,
    form_has_unseen_signs,
    is_from_us,
    is_our_form,
    unseen_signs,
)
from records import audit, clock
from records.dossiers.files import Erased
from records.people import people
from records.tables.people import PersonRow, SessionRow
from rules.people.rights import may

SEE_OTHER, GONE = 303, 410
MOST_FIELDS = 400
READING = ("GET", "HEAD")
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """A page with the right that it asks for: who has it is said in ``rules.people.rights``."""

    method: str
    path: str
    right: str
    answer: Callable[[Asked], Response]
    body: Body = FORM
    """What its form may bring."""


@dataclass(frozen=True, slots=True)
class PublicRoute:
    """A page for people who are not logged in."""

    method: str
    path: str
    answer: Callable[[PublicAsked], Response]


def add_routes(app: FastAPI, routes: Sequence[Route], public: Sequence[PublicRoute]) -> None:
    for route in routes:
        app.add_route(
            route.path, _never_broken(_guarded(route)), methods=[route.method], include_in_schema=False
        )
    for open_route in public:
        answer = _never_broken(_open(open_route))
        app.add_route(open_route.path, answer, methods=[open_route.method], include_in_schema=False)


def _never_broken(endpoint: Endpoint) -> Endpoint:
    """Catch what should never happen here: the server's own log would quote the exception's text."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (HTTPException, TooLarge, TooSlow):
            raise
        except Erased:
            return error_page(request, GONE, "erased")
        except Exception as error:
            return broken_page(request, error)

    return answered


@asynccontextmanager
async def closing(form: FormData) -> AsyncIterator[None]:
    """Uploaded files lie in temporary ones, which are gone when the answer is."""
    try:
        yield
    finally:
        await form.close()


def _guarded(route: Route) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        house = house_of(request)
        if way(request, house.settings) is None:
            return error_page(request, 400, "plain_http")
        unseen = unseen_signs(request)
        if unseen is not None:
            return error_page(request, unseen, BY_STATUS[unseen])
        token = token_in(request, house.settings)
        if request.method in READING:
            return await run_in_threadpool(_look, route, request, token)
        host_now = clock.host_now()
        known = await run_in_threadpool(session_of, house.store, token, host_now=host_now) if token else None
        if known is None or not is_complete(*known):
            return _turn_away(request, known)
        form = await _form(request, token, body=route.body)
        if isinstance(form, Response):
            return form
        async with closing(form):
            return await run_in_threadpool(_enter, route, request, token, known, form)

    return endpoint


def _look(route: Route, request: Request, token: str) -> Response:
    """Somebody who only reads: who asks and for what is one question to the database."""
    store, host_now = house_of(request).store, clock.host_now()
    with store.reading() as session:
        known = session_in(session, token, host_now=host_now) if token else None
        if known is None or not is_complete(*known):
            return _turn_away(request, known)
        found, now = find(session, request.path_params), clock.read(session)
    touch(store, known[0], host_now=host_now)
    return _let_in(route, request, token, known, FormData(), found=found, now=now)


def _turn_away(request: Request, known: tuple[SessionRow, PersonRow] | None) -> Response:
    """To the log-in, or on to the one-time password that is still missing."""
    return _to_log_in(request) if known is None else RedirectResponse("/login/code", SEE_OTHER)


def _to_log_in(request: Request) -> Response:
    if request.method not in READING:
        return error_page(request, 403, "session_ended")
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(target, safe='')}", SEE_OTHER)


async def _form(request: Request, token: str, body: Body = FORM) -> FormData | Response:
    """The form of a POST once it is shown to be ours; an empty one for a GET."""
    if request.method in READING:
        return FormData()
    if not is_from_us(request, house_of(request).settings):
        return error_page(request, 403, "foreign_form")
    if announced_too_large(request, limit=body.most):
        return error_page(request, 413, body.told)
    form = await request.form(max_files=body.files, max_fields=MOST_FIELDS)
    brought = form.get("form_token", "")
    if not isinstance(brought, str) or not is_our_form(token, brought):
        return error_page(request, 403, "old_form")
    if form_has_unseen_signs(form):
        return error_page(request, 400, "bad_form")
    return error_page(request, 400, "long_text") if body != TYPED and form_has_long_text(form) else form


def _enter(
    route: Route, request: Request, token: str, known: tuple[SessionRow, PersonRow], form: FormData
) -> Response:
    with house_of(request).store.reading() as session:
        found, now = find(session, request.path_params), clock.read(session)
    return _let_in(route, request, token, known, form, found=found, now=now)


def _let_in(
    route: Route,
    request: Request,
    token: str,
    known: tuple[SessionRow, PersonRow],
    form: FormData,
    *,
    found: Found | None,
    now: datetime,
) -> Response:
    """Let somebody in, or say that there is nothing: what is not theirs looks like what does not exist."""
    house, (session_row, person) = house_of(request), known
    rule_person = people.as_rule(person)
    if found is None:
        return error_page(request, 404, "not_found")
    if not may(route.right, rule_person, found.place):
        went = _handed_over(request, found, person)
        if went:
            return went
        note_refused(
            house.store,
            person_id=person.id,
            right=route.right,
            path=request.url.path,
            address=request.client.host if request.client else "",
            now=now,
            host_now=clock.host_now(),
        )
        return error_page(request, 404, "not_found")
    asked = Asked(
        house=house,
        request=request,
        token=token,
        now=now,
        form=form,
        person=person,
        rule_person=rule_person,
        session_hash=session_row.token_hash,
        found=found,
    )
    with audit.coming_from(asked.address):
        return route.answer(asked)


def _handed_over(request: Request, found: Found, person: PersonRow) -> Response | None:
    """Whoever had it before is told to whom it went, and is no stranger to note."""
    with house_of(request).store.reading() as session:
        went = where_it_went(session, found, person.id)
    if went is None or found.campaign is None:
        return None
    spoken = language_of(request)
    said = spoken.say(HANDED_OVER).format(when=spoken.moment(went[1], found.campaign.zone), who=went[0])
    return error_page(request, 404, "handed_over", sentence=said)


def _open(route: PublicRoute) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        house = house_of(request)
        if way(request, house.settings) is None:
            return error_page(request, 400, "plain_http")
        unseen = unseen_signs(request)
        if unseen is not None:
            return error_page(request, unseen, BY_STATUS[unseen])
        token = token_in(request, house.settings)
        form = await _form(request, token)
        if isinstance(form, Response):
            return form
        async with closing(form):
            return await run_in_threadpool(_visit, route, request, token, form)

    return endpoint


def _visit(route: PublicRoute, request: Request, token: str, form: FormData) -> Response:
    house = house_of(request)
    # A browser without a cookie gets one with its first form, for the form to be bound to.
    asked = PublicAsked(house, request, token or fresh_token(), clock.now(house.store), form)
    return route.answer(asked)
