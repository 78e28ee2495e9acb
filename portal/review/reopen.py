"""A decided gate asked once more, from its page."""

from __future__ import annotations

from starlette.responses import Response

from actions.review.reopening import reopen_gate
from portal.review.gate import gate_page
from portal.web.path_objects import need
from portal.web.rendering import go
from portal.web.request import Asked
from portal.web.routes import Route
from rules.refusals import Refused


def ask_again(asked: Asked) -> Response:
    done = reopen_gate(
        asked.store,
        gate_id=need(asked.found.gate).id,
        by=asked.person.id,
        reason=asked.field("why_again"),
        now=asked.now,
    )
    return (
        gate_page(asked, done) if isinstance(done, Refused) else go(f"/gates/{done.id}", said="gate_reopened")
    )


ROUTES = (Route("POST", "/gates/{gate_id}/reopenings", "gate.reopen", ask_again),)
