"""Whom to call today because a town may be late, with the telephone; what came of each call."""

from __future__ import annotations

from starlette.responses import Response

from actions.duties.calls import Callee, call_list, in_words, record_call, set_telephone
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.people.people import Names
from rules.duties.calls import OUTCOMES
from rules.refusals import Refused


def place_of(one: Callee) -> str:
    """What tells one card from another: several people of a town may be late."""
    return f"{one.town_code}-{one.person_id}"


def show_calls(asked: Asked) -> Response:
    return _calls_page(asked)


def _calls_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        found = call_list(session, campaign.id, now=asked.now)
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "to_call": [one for one in found if not one.settled],
            "settled": [one for one in found if one.settled],
            "told": {place_of(one): "，".join(in_words(one.last)) for one in found if one.last},
            "place_of": place_of,
            "names": Names(session),
            "outcomes": OUTCOMES,
            "typed": {
                name: asked.field(name) for name in ("town", "person", "outcome", "note", "promised_on")
            },
        }
        return show(asked, "duties/calls.html", facts, status=UNPROCESSABLE if refused else 200)


def record(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    day = asked.day("promised_on") if asked.field("promised_on") else None
    if isinstance(day, Refused):
        return _calls_page(asked, day)
    refused = record_call(
        asked.store,
        campaign_id=campaign.id,
        town_code=asked.field("town"),
        person_id=asked.field("person"),
        outcome=asked.field("outcome"),
        note=asked.field("note"),
        promised_on=day,
        by=asked.person.id,
        now=asked.now,
    )
    return (
        _calls_page(asked, refused)
        if refused
        else go(f"/campaigns/{campaign.id}/calls", said="call_recorded")
    )


def keep_telephone(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    refused = set_telephone(
        asked.store,
        person_id=asked.field("person"),
        telephone=asked.field("telephone"),
        by=asked.person.id,
        now=asked.now,
    )
    return (
        _calls_page(asked, refused)
        if refused
        else go(f"/campaigns/{campaign.id}/calls", said="telephone_kept")
    )


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/calls", "call.record", show_calls),
    Route("POST", "/campaigns/{campaign_id}/calls", "call.record", record),
    Route("POST", "/campaigns/{campaign_id}/calls/telephones", "call.record", keep_telephone),
)
