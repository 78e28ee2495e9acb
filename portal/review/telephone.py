"""Answers by telephone: written down by a coordinator, objected to by whoever is said to have given them."""

from __future__ import annotations

from starlette.responses import Response

from actions.review import telephone
from portal.people import passwords
from portal.review.gate import gate_page, recorded_at
from portal.web.path_objects import need
from portal.web.rendering import go
from portal.web.request import Asked
from portal.web.routes import Route
from records import clock
from records.review.gates import decisions_on
from rules.refusals import Refused


def record_by_phone(asked: Asked) -> Response:
    gate = need(asked.found.gate)
    done = telephone.record_by_phone(
        asked.store,
        gate_id=gate.id,
        attempt=asked.number("attempt"),
        person_id=asked.field("person"),
        by=asked.person.id,
        answer=asked.field("answer"),
        reason=asked.field("reason"),
        note=asked.field("call_note"),
        seen_hash=asked.field("seen_hash"),
        step_of=passwords.step_of(asked.field("code")),
        now=asked.now,
        host_now=clock.host_now(),
    )
    return gate_page(asked, done) if isinstance(done, Refused) else go(f"/gates/{gate.id}", said="recorded")


def object_to(asked: Asked) -> Response:
    """An objection to what was recorded in one's own name at this gate."""
    campaign, gate = need(asked.found.campaign), need(asked.found.gate)
    with asked.store.reading() as session:
        mine = [
            one.decision.id
            for one in recorded_at(session, campaign, gate, decisions_on(session, gate)).values()
            if one.decision.person_id == asked.person.id
        ]
    done = telephone.object_to(
        asked.store,
        decision_id=next(iter(mine), 0),
        by=asked.person.id,
        words=asked.field("words"),
        now=asked.now,
    )
    return gate_page(asked, done) if isinstance(done, Refused) else go(f"/gates/{gate.id}", said="objected")


ROUTES = (
    Route("POST", "/gates/{gate_id}/recordings", "gate.record_phone", record_by_phone),
    Route("POST", "/gates/{gate_id}/objections", "gate.object", object_to),
)
