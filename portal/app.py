"""The portal as an application: routes, guards and error pages around one store."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from config.places import PrefectAccess
from config.settings import Settings
from portal.api import access, document, routes
from portal.campaign import calendars, stages
from portal.dossiers import (
    business,
    differences,
    help,
    picture,
    receipt,
    roster,
    town,
    village,
    web_form,
    withdrawal,
)
from portal.duties import calls, duty, outages
from portal.lists import documents, ledger, papers
from portal.overview import audit, board, explanation, messages, reviewers, search, tables, time_ledger
from portal.people import absences, account, account_review, checklist, proposals, staff, tokens
from portal.review import gate, inbox, publicity, reopen, telephone, together, visit, visit_plan
from portal.runs import machine_room
from portal.web import health, metrics
from portal.web.errors import say_no, say_too_large, say_too_slow
from portal.web.prefix import UnderPrefix
from portal.web.rendering import FOLDER, make_pages
from portal.web.request import House
from portal.web.request_log import Recount
from portal.web.routes import PublicRoute, Route, add_routes
from portal.web.security import AddHeaders, Bodies, LimitBodies, TooLarge, TooSlow
from portal.year import village as village_year
from records.store import Store

ROUTES: tuple[Route, ...] = (
    *account.ROUTES,
    *absences.ROUTES,
    *tokens.ROUTES,
    *town.ROUTES,
    *village.ROUTES,
    *web_form.ROUTES,
    *help.ROUTES,
    *differences.ROUTES,
    *roster.ROUTES,
    *business.ROUTES,
    *withdrawal.ROUTES,
    *village_year.ROUTES,
    *receipt.ROUTES,
    *inbox.ROUTES,
    *gate.ROUTES,
    *together.ROUTES,
    *board.ROUTES,
    *explanation.ROUTES,
    *reviewers.ROUTES,
    *visit.ROUTES,
    *visit_plan.ROUTES,
    *publicity.ROUTES,
    *picture.ROUTES,
    *duty.ROUTES,
    *calls.ROUTES,
    *outages.ROUTES,
    *time_ledger.ROUTES,
    *documents.ROUTES,
    *ledger.ROUTES,
    *papers.ROUTES,
    *telephone.ROUTES,
    *reopen.ROUTES,
    *calendars.ROUTES,
    *stages.ROUTES,
    *messages.ROUTES,
    *staff.ROUTES,
    *checklist.ROUTES,
    *account_review.ROUTES,
    *proposals.ROUTES,
    *audit.ROUTES,
    *tables.ROUTES,
    *search.ROUTES,
    *machine_room.ROUTES,
)
PUBLIC: tuple[PublicRoute, ...] = (*account.PUBLIC,)


def make_app(store: Store, settings: Settings, prefect: Callable[[], PrefectAccess] | None = None) -> FastAPI:
    """One application for one house; it reads and writes only through ``store``.

    With access to a Prefect server (``prefect``) it shows that one's pages, too, on the host that ``settings`` name.
    """
    app = FastAPI(title="hqe", openapi_url=None, docs_url=None, redoc_url=None)
    # Such a redirect would name the host that the request named.
    app.router.redirect_slashes = False
    app.state.house = House(store, settings, make_pages())
    app.state.paces = access.usual_paces()
    add_routes(app, ROUTES, PUBLIC)
    access.add_routes(app, routes.API_ROUTES)
    document.add_route(app, settings)
    health.add_routes(app, store)
    counted = metrics.Metrics(store)
    metrics.add_route(app, counted, settings)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    app.add_exception_handler(HTTPException, say_no)
    app.add_exception_handler(TooLarge, say_too_large)
    app.add_exception_handler(TooSlow, say_too_slow)
    declared = [(one.path, one.body) for one in ROUTES] + [(one.path, one.body) for one in routes.API_ROUTES]
    app.add_middleware(LimitBodies, bodies=Bodies(declared))
    app.add_middleware(AddHeaders)
    app.add_middleware(UnderPrefix, prefix=settings.prefix)
    if prefect is not None:
        room = machine_room.make_room(prefect)
        app.add_middleware(machine_room.ByHost, room=room, address=settings.machine_room)
    app.add_middleware(Recount, heard=counted.heard)
    return app
