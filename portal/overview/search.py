"""Finding a town, a village, somebody or a case."""

from __future__ import annotations

from starlette.responses import Response

from actions.overview.search import MOST, search
from portal.web.path_objects import need
from portal.web.rendering import show
from portal.web.request import Asked
from portal.web.routes import Route

LONGEST = 60


def show_found(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    words = asked.request.query_params.get("q", "").strip()[:LONGEST]
    with asked.store.reading() as session:
        facts = {
            "words": words,
            "found": search(session, campaign.id, words, people_too=asked.may("people.read")),
            "towns": {town.code: town.name for town in campaign.towns},
            "gates": {gate.name: gate.title for gate in campaign.gates},
            "zone": campaign.zone,
            "most": MOST,
        }
        return show(asked, "overview/search.html", facts)


ROUTES = (Route("GET", "/campaigns/{campaign_id}/search", "board.read", show_found),)
