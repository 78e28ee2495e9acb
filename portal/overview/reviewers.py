"""How reviewers differ: who is lenient or strict on which indicator, and whose wording should change."""

from __future__ import annotations

from itertools import groupby

from starlette.responses import Response

from actions.overview.reviewers import differences_of
from portal.web.path_objects import need
from portal.web.rendering import show
from portal.web.request import Asked
from portal.web.routes import Route


def show_reviewers(asked: Asked) -> Response:
    """Of settled villages, and of none that whoever looks still reviews blind; each reviewer's widest gaps first."""
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        found = differences_of(session, campaign.id, reader=asked.person.id)
    apart = sorted((one for one in found.leniency if one.points), key=lambda one: found.names[one.reviewer])
    facts = {
        "found": found,
        "reviewers": [
            (found.names[person], sorted(lines, key=lambda one: -abs(one.points)))
            for person, lines in groupby(apart, key=lambda one: one.reviewer)
        ],
    }
    return show(asked, "overview/reviewers.html", facts)


ROUTES = (Route("GET", "/campaigns/{campaign_id}/reviewers", "board.read", show_reviewers),)
