"""Outages of the portal before a due date: what was lost, the equal extension that is proposed, and the answer."""

from __future__ import annotations

from starlette.responses import Response

from actions.campaign.outages import Proposal, decline_outage, extend_for_outage, price_of, proposals
from actions.duties.more_time import promises_broken
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.store import Session
from rules.duties.outages import ANSWERS
from rules.entries import read_row_number
from rules.refusals import Refused


def show_outages(asked: Asked) -> Response:
    return _outages_page(asked)


def _outages_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        found = proposals(session, campaign.id)
        facts = {
            "refused": refused,
            "waiting": [one for one in found if one.moves],
            "answered": [one for one in found if not one.moves],
            "broken": {one.outage_id: _broken(session, one, asked) for one in found if one.moves},
            "answers": ANSWERS,
            "at": read_row_number(asked.field("outage")),
            "words": asked.field("words"),
        }
        return show(asked, "duties/outages.html", facts, status=UNPROCESSABLE if refused else 200)


def _broken(session: Session, proposal: Proposal, asked: Asked) -> list[str]:
    offers = price_of(session, proposal, now=asked.now)
    return [offers.reason] if isinstance(offers, Refused) else promises_broken(offers)


def extend(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    done = extend_for_outage(
        asked.store,
        campaign_id=campaign.id,
        outage_id=read_row_number(asked.field("outage")),
        by=asked.person.id,
        words=asked.field("words"),
        anyway=bool(asked.field("anyway")),
        now=asked.now,
    )
    if isinstance(done, Refused):
        return _outages_page(asked, done)
    return go(f"/campaigns/{campaign.id}/outages", said="time_given")


def decline(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    refused = decline_outage(
        asked.store,
        campaign_id=campaign.id,
        outage_id=read_row_number(asked.field("outage")),
        by=asked.person.id,
        words=asked.field("words"),
        now=asked.now,
    )
    return (
        _outages_page(asked, refused)
        if refused
        else go(f"/campaigns/{campaign.id}/outages", said="outage_declined")
    )


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/outages", "duty.extend", show_outages),
    Route("POST", "/campaigns/{campaign_id}/outages/extension", "duty.extend", extend),
    Route("POST", "/campaigns/{campaign_id}/outages/refusal", "duty.extend", decline),
)
