"""Absences: recorded by oneself or by a coordinator, and ended early."""

from __future__ import annotations

from starlette.responses import Response

from actions.duties.absences import end_absence, record_absence
from portal.people.account import account_page
from portal.people.staff import person_page
from portal.web.path_objects import need
from portal.web.rendering import go
from portal.web.request import Asked
from portal.web.routes import Route
from rules.duties.absences import Absence
from rules.refusals import Refused


def record_own(asked: Asked) -> Response:
    refused = _record(asked, asked.person.id)
    return account_page(asked, refused) if refused else go("/account", said="absence_recorded")


def record_for(asked: Asked) -> Response:
    somebody = need(asked.found.somebody)
    refused = _record(asked, somebody.id)
    return person_page(asked, refused) if refused else go(f"/people/{somebody.id}", said="absence_recorded")


def _record(asked: Asked, person_id: str) -> Refused | None:
    first, last = asked.day("first"), asked.day("last")
    if isinstance(first, Refused):
        return first
    if isinstance(last, Refused):
        return last
    wanted = Absence(person_id, asked.field("stand_in"), first, last)
    done = record_absence(
        asked.store, wanted, by=asked.person.id, now=asked.now, reason=asked.field("reason")
    )
    return done if isinstance(done, Refused) else None


def end(asked: Asked) -> Response:
    """One's own leads back to the account, anybody else's to that person."""
    absence = need(asked.found.absence)
    refused = end_absence(asked.store, absence_id=absence.id, by=asked.person.id, now=asked.now)
    if absence.person_id == asked.person.id:
        return account_page(asked, refused) if refused else go("/account", said="absence_ended")
    page = f"/people/{absence.person_id}"
    return person_page(asked, refused) if refused else go(page, said="absence_ended")


ROUTES = (
    Route("POST", "/account/absences", "absence.record_own", record_own),
    Route("POST", "/people/{person_id}/absences", "absence.record", record_for),
    Route("POST", "/absences/{absence_id}/end", "absence.end", end),
)
