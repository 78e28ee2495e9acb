"""The portal as an application: routes, guards and error pages around one store."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from config.settings import Settings
from portal import (
    absence_pages,
    account_pages,
    api_document,
    api_doors,
    api_routes,
    board_pages,
    bureau_pages,
    coordination_pages,
    health,
    help_pages,
    message_pages,
    metrics,
    oversight_pages,
    people_pages,
    picture_pages,
    receipt_pages,
    review_pages,
    roster_pages,
    token_pages,
    town_pages,
    version_pages,
    village_pages,
    visit_pages,
    withdrawal_pages,
)
from portal.doors import PublicRoute, Route, add_routes
from portal.errors import say_no, say_too_large
from portal.guarding import AddHeaders, LimitBodies, TooLarge
from portal.prefixing import UnderPrefix
from portal.recounting import Recount
from portal.rendering import FOLDER, make_pages
from portal.visits import House
from records.store import Store

ROUTES: tuple[Route, ...] = (
    *account_pages.ROUTES,
    *absence_pages.ROUTES,
    *token_pages.ROUTES,
    *town_pages.ROUTES,
    *village_pages.ROUTES,
    *help_pages.ROUTES,
    *version_pages.ROUTES,
    *roster_pages.ROUTES,
    *withdrawal_pages.ROUTES,
    *receipt_pages.ROUTES,
    *review_pages.ROUTES,
    *board_pages.ROUTES,
    *visit_pages.ROUTES,
    *picture_pages.ROUTES,
    *bureau_pages.ROUTES,
    *coordination_pages.ROUTES,
    *message_pages.ROUTES,
    *people_pages.ROUTES,
    *oversight_pages.ROUTES,
)
PUBLIC: tuple[PublicRoute, ...] = (*account_pages.PUBLIC,)


def make_app(store: Store, settings: Settings) -> FastAPI:
    """One application for one house; it reads and writes only through ``store``."""
    app = FastAPI(title="hqe", openapi_url=None, docs_url=None, redoc_url=None)
    # Such a redirect would name the host that the request named.
    app.router.redirect_slashes = False
    app.state.house = House(store, settings, make_pages())
    app.state.paces = api_doors.usual_paces()
    add_routes(app, ROUTES, PUBLIC)
    api_doors.add_routes(app, api_routes.API_ROUTES)
    api_document.add_route(app, settings)
    health.add_routes(app, store)
    counted = metrics.Metrics(store)
    metrics.add_route(app, counted, settings)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    app.add_exception_handler(HTTPException, say_no)
    app.add_exception_handler(TooLarge, say_too_large)
    app.add_middleware(LimitBodies)
    app.add_middleware(AddHeaders)
    app.add_middleware(Recount, heard=counted.heard)
    app.add_middleware(UnderPrefix, prefix=settings.prefix)
    return app
