"""A village explained: from the cells of its dossier to the money, each stored thing against the same reckoned anew."""

from __future__ import annotations

from starlette.responses import Response

from actions.overview.explanation import explain
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, show
from portal.web.request import Asked
from portal.web.routes import Route
from rules.refusals import Refused
from rules.review.explanation import STEPS
from rules.review.parties import PARTIES


def show_explanation(asked: Asked) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    found = explain(asked.store, campaign_id=campaign.id, village_code=village.code, reader=asked.person.id)
    refused = found if isinstance(found, Refused) else None
    facts = {
        "refused": refused,
        "village": village,
        "town": campaign.town(village.town_code),
        "found": None if refused else found,
        "steps": STEPS,
        "parties": PARTIES,
        "zone": campaign.zone,
    }
    return show(asked, "overview/explanation.html", facts, status=UNPROCESSABLE if refused else 200)


ROUTES = (
    Route(
        "GET",
        "/campaigns/{campaign_id}/villages/{village_code}/explanation",
        "village.explain",
        show_explanation,
    ),
)
