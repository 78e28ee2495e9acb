"""What was done: the audit log in words, filtered, with the state of its chain."""

from __future__ import annotations

from datetime import date, datetime

from starlette.responses import Response

from actions.upkeep.audit_words import ACTS, tell
from portal.web.path_objects import need
from portal.web.rendering import show
from portal.web.request import Asked
from portal.web.routes import Route
from records import audit
from records.review.blindness import sealed_from
from rules.campaign.campaign import Campaign

MOST_ENTRIES = 100


def show_audit(asked: Asked) -> Response:
    campaign, query = need(asked.found.campaign), asked.request.query_params
    about, act = query.get("about", "").strip()[:100], query.get("act", "")
    since, until = _day(query.get("since", "")), _day(query.get("until", ""))
    with asked.store.reading() as session:
        entries = tell(
            session,
            subject=about,
            act=act if act in ACTS else "",
            since=_start(campaign, since),
            until=campaign.end_of(until) if until else None,
            limit=MOST_ENTRIES,
            sealed=sealed_from(session, asked.person.id),
        )
        length, head = audit.length_and_head(session)
        facts = {
            "entries": list(reversed(entries)),
            "about": about,
            "act": act,
            "acts": ACTS,
            "since": since,
            "until": until,
            "zone": campaign.zone,
            "most": MOST_ENTRIES,
            "length": length,
            "head": head,
            "verified": audit.verify(session) if query.get("verify", "") == "1" else None,
        }
        return show(asked, "overview/audit.html", facts)


def _day(text: str) -> date | None:
    """A day as it was picked; anything else filters nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(campaign: Campaign, day: date | None) -> datetime | None:
    return datetime.combine(day, datetime.min.time(), tzinfo=campaign.zone) if day else None


ROUTES = (Route("GET", "/campaigns/{campaign_id}/audit", "audit.read", show_audit),)
