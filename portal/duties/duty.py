"""One duty, with all that a coordinator can do about it."""

from __future__ import annotations

from starlette.responses import Response

from actions.duties import extension_requests, extensions
from actions.duties.extensions import Offer, lines_of, offer, refuse_moving
from actions.duties.handover import hand_over
from actions.duties.reminders import remind_now
from actions.messages.links import address_of
from actions.runs.why_waiting import why_owed
from portal.duties import lapsed
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.duties.extensions import extensions_of, requests_of, waiting_request
from records.duties.handovers import handovers_of
from records.people.people import everybody, names_of
from records.review.gates import latest_gate
from records.store import Session
from records.tables.duties import DutyRow
from rules.campaign.campaign import Campaign
from rules.entries import read_day
from rules.refusals import Refused


def show_duty(asked: Asked) -> Response:
    return _duty_page(asked)


def _duty_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, duty = need(asked.found.campaign), need(asked.found.duty)
    with asked.store.reading() as session:
        offered = _offered(session, asked)
        facts = {
            "refused": refused or (offered if isinstance(offered, Refused) else None),
            "zone": campaign.zone,
            "duty": duty,
            "address": _where_done(session, campaign, duty),
            "why": why_owed(session, campaign, duty, now=asked.now),
            "extensions": extensions_of(session, duty.id),
            "handovers": handovers_of(session, duty),
            "requests": requests_of(session, duty.id),
            "asking": waiting_request(session, duty),
            "offered": offered if isinstance(offered, Offer) else None,
            "price": lines_of(offered, campaign) if isinstance(offered, Offer) else [],
            "names": names_of(session),
            "holders": _holders(session, duty) if asked.may("duty.hand_over") else [],
            "until": _until(asked),
            "unmovable": refuse_moving(session, duty),
            "reason": asked.field("reason"),
        }
        return show(asked, "duties/duty.html", facts, status=UNPROCESSABLE if refused else 200)


def _where_done(session: Session, campaign: Campaign, duty: DutyRow) -> str:
    """The page on which a duty is done; a list is revised where it was returned."""
    if duty.kind == "calendar":
        return f"/campaigns/{campaign.id}/calendar"
    if duty.kind != "revision":
        return address_of(campaign, duty)
    gate = latest_gate(session, campaign.id, duty.carrier_kind, duty.carrier_subject)
    return f"/gates/{gate.id}" if gate else ""


def _until(asked: Asked) -> str:
    return asked.field("until") or asked.request.query_params.get("until", "")


def _offered(session: Session, asked: Asked) -> Offer | Refused | None:
    """What moving the duty to the day in the form or the address would cost; None when none is named."""
    until = _until(asked)
    if not until:
        return None
    day = read_day(until)
    if isinstance(day, Refused):
        return day
    return offer(session, need(asked.found.duty).id, until=day, now=asked.now)


def _holders(session: Session, duty: DutyRow) -> list[tuple[str, str]]:
    """(id, name) of who could hold the duty by role; whether they may is decided by the act."""
    same_role = [one for one in everybody(session) if one.active and one.id != duty.person_id]
    town_roles = {"town_clerk", "deputy_head"}
    if duty.role in town_roles:
        fitting = [
            one for one in same_role if one.town_code == duty.town_code and town_roles & set(one.roles)
        ]
    else:
        fitting = [one for one in same_role if duty.role in one.roles]
    return [(one.id, one.name) for one in fitting]


def extend(asked: Asked) -> Response:
    """Grant more time after its price was shown; a request of the town is answered with it."""
    duty = need(asked.found.duty)
    with asked.store.reading() as session:
        offered = _offered(session, asked) or Refused("no_date", "请填写延至的日期。")
        asking = waiting_request(session, duty)
    if isinstance(offered, Refused):
        return _duty_page(asked, offered)
    kept = extensions.reason_kept(offered, asked.field("reason"), anyway=bool(asked.field("anyway")))
    if isinstance(kept, Refused):
        return _duty_page(asked, kept)
    if asking is not None:
        refused = extension_requests.grant_request(
            asked.store,
            request_id=asking.id,
            by=asked.person.id,
            due_at=offered.due_at,
            lock_at=offered.lock_at,
            words=kept,
            now=asked.now,
        )
    else:
        refused = extensions.grant(
            asked.store,
            offered=offered,
            by=asked.person.id,
            reason=asked.field("reason"),
            anyway=True,
            now=asked.now,
        )
    return _duty_page(asked, refused) if refused else go(f"/duties/{duty.id}", said="extension_granted")


def refuse_request(asked: Asked) -> Response:
    refused = extension_requests.refuse_request(
        asked.store,
        request_id=need(asked.found.asking).id,
        by=asked.person.id,
        words=asked.field("words"),
        now=asked.now,
    )
    duty = need(asked.found.duty)
    return _duty_page(asked, refused) if refused else go(f"/duties/{duty.id}", said="extension_refused")


def remind(asked: Asked) -> Response:
    duty = need(asked.found.duty)
    refused = remind_now(asked.store, duty_id=duty.id, by=asked.person.id, now=asked.now)
    return _duty_page(asked, refused) if refused else go(f"/duties/{duty.id}", said="reminded")


def give_to(asked: Asked) -> Response:
    duty = need(asked.found.duty)
    refused = hand_over(
        asked.store,
        duty_id=duty.id,
        to=asked.field("to"),
        by=asked.person.id,
        reason=asked.field("reason"),
        now=asked.now,
    )
    return _duty_page(asked, refused) if refused else go(f"/duties/{duty.id}", said="handed_over")


ROUTES = (
    Route("GET", "/duties/{duty_id}", "duty.read", show_duty),
    Route("POST", "/duties/{duty_id}/extensions", "duty.extend", extend),
    Route("POST", "/extension-requests/{request_id}/refusal", "duty.extend", refuse_request),
    Route("POST", "/duties/{duty_id}/reminders", "duty.remind", remind),
    Route("POST", "/duties/{duty_id}/handovers", "duty.hand_over", give_to),
    *lapsed.ROUTES,
)
