"""Publicity: who is made public until when, objections taken in and answered."""

from __future__ import annotations

from starlette.responses import Response

from actions.review.publicity.objections import answer_objection, object_publicly
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.people.people import names_of
from records.review.publicity import objections_to, publicities
from rules.refusals import Refused
from rules.review.objections import ANSWERS, OUTCOMES, UPHELD

ADDRESS = "/campaigns/{campaign_id}/publicity"


def show_publicity(asked: Asked) -> Response:
    return _page(asked)


def _page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        rows = publicities(session, campaign.id)
        objections = objections_to(session, [row.gate_id for row in rows])
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "days": campaign.publicity_workdays,
            "rows": rows,
            "named": {row.gate_id: _name(asked, row.village_code) for row in rows},
            "objections": objections,
            "answers": ANSWERS,
            "outcomes": OUTCOMES,
            "names": names_of(session),
        }
        return show(asked, "review/publicity.html", facts, status=UNPROCESSABLE if refused else 200)


def _name(asked: Asked, code: str) -> str:
    campaign = need(asked.found.campaign)
    village = campaign.village(code)
    return f"{campaign.town(village.town_code).name}{village.name}"


def record(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    made = object_publicly(
        asked.store,
        campaign_id=campaign.id,
        village_code=asked.field("village"),
        objector=asked.field("objector"),
        evidence=asked.field("evidence"),
        by=asked.person.id,
        now=asked.now,
    )
    if isinstance(made, Refused):
        return _page(asked, made)
    return go(f"/campaigns/{campaign.id}/publicity", said="objection_kept")


def answer(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    done = answer_objection(
        asked.store,
        objection_id=asked.number("objection"),
        by=asked.person.id,
        answer=asked.field("answer"),
        words=asked.field("words"),
        now=asked.now,
    )
    if isinstance(done, Refused):
        return _page(asked, done)
    is_kept_alone = asked.field("answer") == UPHELD and not done
    said = "objection_kept_alone" if is_kept_alone else "objection_answered"
    return go(f"/campaigns/{campaign.id}/publicity", said=said)


ROUTES = (
    Route("GET", ADDRESS, "publicity.read", show_publicity),
    Route("POST", f"{ADDRESS}/objections", "objection.record", record),
    Route("POST", f"{ADDRESS}/answers", "objection.answer", answer),
)
