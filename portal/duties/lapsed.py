"""What nobody did in time, and more time for all of it, for a town, or for what is ticked."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from actions.duties.extensions import Offer
from actions.duties.more_time import Lapsed, give_more_time, lapsed, offer_all, promises_broken
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.store import Session
from rules.entries import read_day
from rules.refusals import Refused


def show_lapsed(asked: Asked) -> Response:
    return _lapsed_page(asked)


def _lapsed_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    query = asked.request.query_params
    town, until = query.get("town", ""), asked.field("until") or query.get("until", "")
    with asked.store.reading() as session:
        everything = lapsed(session, campaign.id)
        found = [one for one in everything if town in ("", one.town_code)]
        chosen = _chosen(asked, found)
        offers = _priced(session, chosen, until, asked) if until else None
        wrong = offers if isinstance(offers, Refused) else None
        facts = {
            "refused": refused or wrong,
            "zone": campaign.zone,
            "found": found,
            "everything": everything,
            "towns": list(dict.fromkeys((one.town_code, one.town) for one in everything)),
            "town": town,
            "until": until,
            "reason": asked.field("reason"),
            "chosen": {one.duty_id for one in chosen},
            "priced": isinstance(offers, list),
            "broken": promises_broken(offers) if isinstance(offers, list) else [],
        }
        return show(asked, "duties/lapsed.html", facts, status=UNPROCESSABLE if refused else 200)


def _chosen(asked: Asked, found: Sequence[Lapsed]) -> list[Lapsed]:
    """Those that are ticked; all of them where nothing was ticked yet."""
    query = asked.request.query_params
    ticked = {*asked.fields("duty"), *query.getlist("duty")}
    return [one for one in found if not ticked or str(one.duty_id) in ticked]


def _priced(session: Session, chosen: Sequence[Lapsed], until: str, asked: Asked) -> list[Offer] | Refused:
    day = read_day(until)
    if isinstance(day, Refused):
        return day
    return offer_all(session, [one.duty_id for one in chosen], until=day, now=asked.now)


def give(asked: Asked) -> Response:
    """Grant what was priced; the form says which duties these were."""
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        there = {str(one.duty_id): one.duty_id for one in lapsed(session, campaign.id)}
        wanted = [there[one] for one in asked.fields("duty") if one in there]
    until = asked.day("until")
    if isinstance(until, Refused):
        return _lapsed_page(asked, until)
    done = give_more_time(
        asked.store,
        duty_ids=wanted,
        until=until,
        by=asked.person.id,
        reason=asked.field("reason"),
        anyway=bool(asked.field("anyway")),
        now=asked.now,
    )
    address = f"/campaigns/{campaign.id}/lapsed"
    return _lapsed_page(asked, done) if isinstance(done, Refused) else go(address, said="time_given")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/lapsed", "duty.extend", show_lapsed),
    Route("POST", "/campaigns/{campaign_id}/lapsed", "duty.extend", give),
)
