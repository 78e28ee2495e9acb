"""A village's people on a telephone: who is overdue, confirmed with one press, and services recorded."""

from __future__ import annotations

from starlette.responses import Response

from actions.year.confirmations import confirm_unchanged
from actions.year.opening import year_of
from actions.year.services import Given, record_service
from actions.year.state import Shown, overdue_people, state_on
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from rules.entries import read_whole
from rules.refusals import Refused

PAGE = 100
"""People on a page: a form has no more than some hundreds of fields."""


def show_year(asked: Asked) -> Response:
    return _page(asked)


def confirm(asked: Asked) -> Response:
    """The ticked people were asked, and nothing had changed."""
    day = asked.day("day")
    done = day if isinstance(day, Refused) else confirm_unchanged(
        asked.store, village_code=_code(asked), people=asked.fields("row"), day=day, by=asked.person.id,
        now=asked.now,
    )  # fmt: skip
    return _page(asked, done) if isinstance(done, Refused) else go(_address(asked), said="unchanged")


def serve(asked: Asked) -> Response:
    """A service for the ticked people, or for a count."""
    day, count = asked.day("day"), read_whole(asked.field("count") or "0")
    if isinstance(day, Refused) or count is None:
        return _page(asked, day if isinstance(day, Refused) else NO_COUNT)
    given = Given(asked.field("kind"), day, tuple(asked.fields("row")), count)
    again = asked.field("again") == "yes"
    done = record_service(
        asked.store, village_code=_code(asked), given=given, by=asked.person.id, now=asked.now, again=again
    )
    return _page(asked, done) if isinstance(done, Refused) else go(_address(asked), said="service_recorded")


NO_COUNT = Refused("odd_count", "人数或件数须为整数，请核对。")


def _code(asked: Asked) -> str:
    return need(asked.found.village).code


def _address(asked: Asked) -> str:
    return f"/campaigns/{need(asked.found.campaign).id}/villages/{_code(asked)}/year"


def _page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, village = need(asked.found.campaign), need(asked.found.village)
    wanted = asked.request.query_params.get("name", "").strip()
    listed = _listed(asked, wanted)
    with asked.store.reading() as session:
        year = year_of(session)
    facts = {
        "refused": refused,
        "why_not": listed.reason if isinstance(listed, Refused) else "",
        "village": village,
        "town": campaign.town(village.town_code),
        "people": () if isinstance(listed, Refused) else listed[:PAGE],
        "many": 0 if isinstance(listed, Refused) else len(listed),
        "wanted": wanted,
        "kinds": () if isinstance(year, Refused) else year.plan.services,
        "today": asked.now.astimezone(campaign.zone).date(),
        "ticked": asked.fields("row"),
        "chosen": asked.field("kind"),
        "may_keep": asked.may("year.keep") and not isinstance(listed, Refused),
    }
    return show(asked, "year/village.html", facts, status=UNPROCESSABLE if refused else 200)


def _listed(asked: Asked, wanted: str) -> tuple[Shown, ...] | Refused:
    """Who is overdue, or everybody of a name."""
    code, by, now = _code(asked), asked.person.id, asked.now
    if not wanted:
        return overdue_people(asked.store, village_code=code, by=by, now=now)
    day = now.astimezone(need(asked.found.campaign).zone).date()
    found = state_on(asked.store, village_code=code, day=day, by=by)
    return found if isinstance(found, Refused) else tuple(one for one in found if wanted in one.name)


YEAR = "/campaigns/{campaign_id}/villages/{village_code}/year"
ROUTES = (
    Route("GET", YEAR, "year.read", show_year),
    Route("POST", f"{YEAR}/confirmed", "year.keep", confirm),
    Route("POST", f"{YEAR}/services", "year.keep", serve),
)
