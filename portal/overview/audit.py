"""What was done: the audit log in words, filtered, with the state of its chain."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from starlette.responses import Response

from actions.upkeep.audit_words import ACTS, Told, tell
from portal.web.paging import number_in
from portal.web.path_objects import need
from portal.web.rendering import show
from portal.web.request import Asked
from portal.web.routes import Route
from records import audit
from records.review.blindness import sealed_from
from records.store import Session
from rules.campaign.campaign import Campaign
from rules.entries import read_day
from rules.refusals import Refused

MOST_ENTRIES = 100
FILTERS = ("about", "act", "since", "until")


def show_audit(asked: Asked) -> Response:
    campaign, query = need(asked.found.campaign), asked.request.query_params
    with asked.store.reading() as session:
        entries = asked_for(asked, session, campaign, limit=MOST_ENTRIES + 1)
        more, entries = len(entries) > MOST_ENTRIES, entries[-MOST_ENTRIES:]
        length, head = audit.length_and_head(session)
        facts = {
            "entries": list(reversed(entries)),
            "about": query.get("about", "").strip()[:100],
            "act": query.get("act", ""),
            "acts": ACTS,
            "since": _day(query.get("since", "")),
            "until": _day(query.get("until", "")),
            "zone": campaign.zone,
            "asked_for": _again(asked),
            "older": _again(asked, before=str(entries[0].seq)) if more else "",
            "length": length,
            "head": head,
            "verified": audit.verify(session) if query.get("verify", "") == "1" else None,
        }
        return show(asked, "overview/audit.html", facts)


def asked_for(asked: Asked, session: Session, campaign: Campaign, *, limit: int) -> list[Told]:
    """The newest entries that the filters of the address leave, the oldest first."""
    query = asked.request.query_params
    act, before = query.get("act", ""), query.get("before", "")
    since, until = _day(query.get("since", "")), _day(query.get("until", ""))
    return tell(
        session,
        subject=query.get("about", "").strip()[:100],
        act=act if act in ACTS else "",
        since=_start(campaign, since),
        until=campaign.end_of(until) if until else None,
        before=number_in(before) if before else None,
        limit=limit,
        sealed=sealed_from(session, asked.person.id),
    )


def _again(asked: Asked, **more: str) -> str:
    """The filters of the address, to be asked for once more."""
    kept = {name: asked.request.query_params.get(name, "") for name in FILTERS}
    return urlencode({name: value for name, value in {**kept, **more}.items() if value})


def _day(text: str) -> date | None:
    """A day as it was picked; anything else filters nothing."""
    day = read_day(text)
    return None if isinstance(day, Refused) else day


def _start(campaign: Campaign, day: date | None) -> datetime | None:
    return datetime.combine(day, datetime.min.time(), tzinfo=campaign.zone) if day else None


ROUTES = (Route("GET", "/campaigns/{campaign_id}/audit", "audit.read", show_audit),)
