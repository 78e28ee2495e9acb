"""The Prefect UI through the portal: personal accounts instead of its one password, and who pressed what is noted.

It lies on a host of its own (``Settings.machine_room``), so that nothing that Prefect's pages show can read a page
of the portal; a browser comes in by ``passes`` and is out when its session of the portal ends.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from actions.people.login import is_complete, session_kept_as, touch
from actions.people.refused_access import note_refused
from actions.runs.presses import press
from config.places import PrefectAccess
from portal.runs.passes import Passes
from portal.runs.upstream import Away, ask
from portal.web.errors import SENTENCES, broken_page, error_page
from portal.web.language import language_of
from portal.web.request import Asked, House, fresh_token, house_of, way
from portal.web.routes import SEE_OTHER, Route
from portal.web.security import AddHeaders, LimitBodies, TooLarge, TooSlow
from records import audit, clock
from records.people import people
from records.store import Store
from records.tables.people import PersonRow
from rules.people.errands import LOOK, PRESS, Errand, errand_of
from rules.people.rights import Place, may
from rules.refusals import Refused

DOOR = "/machine-room"
"""Where the portal gives out tickets."""
ENTER = "/-/enter"
"""Where the machine room takes them."""
WITHOUT_A_PORT = {"http": ":80", "https": ":443"}
UI_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Prefect's pages load nothing from elsewhere, send nothing there, and stand in nobody's frame."""
AWAY = Refused(
    "prefect_away",
    "Prefect 没有响应，请稍后刷新。上报、审核和发信不受影响。",
)
ENDED = Refused("session_ended", "登录已过期，没有办理任何事项。请刷新页面重新进入。")
FOREIGN = Refused("foreign_form", "这个请求不是从本系统的页面发出的，没有办理任何事项。")


def give_ticket(asked: Asked) -> Response:
    """On to the machine room: with a ticket for the browser that came from there, else to its door."""
    room, asked_by = asked.house.settings.machine_room, asked.request.query_params.get("for", "")
    if not asked_by:
        return RedirectResponse(f"{room}/", SEE_OTHER)
    passes, host_now = Passes(asked.store.vault), clock.host_now()
    ticket = passes.ticket(asked.session_hash, asked_by=asked_by, host_now=host_now)
    return RedirectResponse(f"{room}{ENTER}?ticket={ticket}", SEE_OTHER)


ROUTES = (Route("GET", DOOR, LOOK, give_ticket),)


class ByHost:
    """Sends what is asked of the machine room's host there, and everything else on.

    The stylesheet of our own pages lies on both.
    """

    def __init__(self, app: ASGIApp, room: ASGIApp, address: str) -> None:
        self._app, self._room, self._host = app, room, host_of(address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_there = scope["type"] in ("http", "websocket") and host_asked(scope) == self._host
        if is_there and not scope["path"].startswith("/static/"):
            await self._room(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def host_of(address: str) -> str:
    """Host and port as a browser sends them: without the port that goes without saying."""
    parts = urlsplit(address)
    return parts.netloc.lower().removesuffix(WITHOUT_A_PORT.get(parts.scheme, ""))


def host_asked(scope: Scope) -> str:
    named = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return named.decode("latin-1").lower()


def make_room(access: Callable[[], PrefectAccess]) -> ASGIApp:
    """The application of the other host; it works with the house of the portal around it."""
    return AddHeaders(LimitBodies(MachineRoom(access)), policy=UI_POLICY, kept="/assets/")


class MachineRoom:
    """Lets in, judges and notes each request, and hands it on to Prefect with the house's own password."""

    def __init__(self, access: Callable[[], PrefectAccess]) -> None:
        # Asked each time: a server elsewhere makes its password only when it starts.
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # Prefect's feed of events is off in this house, and nothing else comes this way.
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except ClientDisconnect:
            return  # a page that was left while it asked
        except TooLarge as error:
            answer = error_page(request, 413, error.told)
        except TooSlow:
            answer = error_page(request, 408, "too_slow", headers={"Connection": "close"})
        except Exception as error:
            answer = broken_page(request, error)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        house = house_of(request)
        if way(request, house.settings) is None:
            return error_page(request, 400, "plain_http")
        if request.url.path == ENTER:
            return _enter(request, house)
        person = await run_in_threadpool(_known, request, house)
        if person is None:
            return _turn_away(request, house)
        body = await request.body()
        refused = await run_in_threadpool(_judge, request, house, person, body)
        if refused:
            return refused
        try:
            return await ask(self._access(), request, body, shown_at=house.settings.machine_room)
        except Away:
            return _say(request, 503, AWAY)


def _enter(request: Request, house: House) -> Response:
    """Take a ticket, give a pass."""
    ticket, asked_by = (
        request.query_params.get("ticket", ""),
        request.cookies.get(_cookie(request, house, "asks"), ""),
    )
    session_hash = Passes(house.store.vault).read_ticket(ticket, asked_by=asked_by, host_now=clock.host_now())
    if session_hash is None:
        return error_page(request, 403, "old_ticket")
    answer = RedirectResponse("/", SEE_OTHER)
    _keep(answer, request, house, "in", Passes(house.store.vault).make_pass(session_hash))
    return answer


def _known(request: Request, house: House) -> PersonRow | None:
    """Who is logged in at the portal with all that their roles ask for, and came here from there."""
    brought = request.cookies.get(_cookie(request, house, "in"), "")
    session_hash = Passes(house.store.vault).read_pass(brought) if brought else None
    if session_hash is None:
        return None
    host_now = clock.host_now()
    with house.store.reading() as session:
        known = session_kept_as(session, session_hash, host_now=host_now)
    if known is None or not is_complete(*known):
        return None
    touch(house.store, known[0], host_now=host_now)
    return known[1]


def _turn_away(request: Request, house: House) -> Response:
    """Whoever opens a page goes to the portal for a ticket; a page that is open hears that it is over."""
    if request.method != "GET" or request.url.path.startswith("/api/"):
        return _say(request, 401, ENDED)
    asks = fresh_token()
    answer = RedirectResponse(f"{house.settings.portal_url}{DOOR}?for={asks}", SEE_OTHER)
    _keep(answer, request, house, "asks", asks)
    return answer


def _judge(request: Request, house: House, person: PersonRow, body: bytes) -> Response | None:
    """What stands in the way of this request; a press that nothing stands in the way of is noted."""
    rule_person, now = people.as_rule(person), clock.now(house.store)
    address = request.client.host if request.client else ""
    if not may(LOOK, rule_person, Place()):
        note_refused(
            house.store,
            person_id=person.id,
            right=LOOK,
            path=request.url.path,
            address=address,
            now=now,
            host_now=clock.host_now(),
        )
        return error_page(request, 404, "not_found")
    errand = errand_of(request.method, request.url.path, body)
    if isinstance(errand, Refused):
        return _say(request, 403, errand)
    if errand.right != PRESS:
        return None
    if request.headers.get("origin", "").lower() != f"{request.url.scheme}://{host_asked(request.scope)}":
        return _say(request, 403, FOREIGN)
    with audit.coming_from(address):
        refused = _pressed(house.store, errand, by=person.id)
    return _say(request, 403, refused) if refused else None


def _pressed(store: Store, errand: Errand, *, by: str) -> Refused | None:
    return press(
        store,
        pressed=errand.pressed,
        run_id=errand.run_id,
        about=errand.about,
        by=by,
        now=clock.now(store),
    )


def _say(request: Request, status: int, refused: Refused) -> Response:
    """To a person a page; to Prefect's pages what they show of an error."""
    if request.url.path.startswith("/api/"):
        said = language_of(request).refusal(refused)
        return JSONResponse({"detail": said, "exception_message": said}, status)
    name = refused.code if refused.code in SENTENCES else "not_allowed"
    return error_page(request, status, name)


def _cookie(request: Request, house: House, name: str) -> str:
    return f"__Host-hqe-{name}" if way(request, house.settings) == "secure" else f"hqe-{name}"


def _keep(answer: Response, request: Request, house: House, name: str, value: str) -> None:
    answer.set_cookie(
        _cookie(request, house, name),
        value,
        path="/",
        secure=way(request, house.settings) == "secure",
        httponly=True,
        samesite="lax",
    )
