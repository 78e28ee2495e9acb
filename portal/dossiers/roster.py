"""The people of a roster: masked, page by page, and one number in full for a reason."""

from __future__ import annotations

from starlette.responses import Response

from actions.dossiers.roster import MOST_A_DAY, RosterPage, list_people, unmask
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, show
from portal.web.request import Asked
from portal.web.routes import Route
from records import clock
from rules.entries import read_row_number
from rules.refusals import Refused

NOBODY = RosterPage(people=(), page=1, pages=1, count=0)


def show_roster(asked: Asked) -> Response:
    return _roster_page(asked, page=read_row_number(asked.request.query_params.get("page", "")))


def show_number(asked: Asked) -> Response:
    """The page once more, with one number in full; it stands in no address and is kept by no browser."""
    row = read_row_number(asked.field("row"))
    number = unmask(
        asked.store,
        upload_id=need(asked.found.upload).id,
        row=row,
        by=asked.person.id,
        reason=asked.field("reason"),
        now=asked.now,
        host_now=clock.host_now(),
    )
    page = read_row_number(asked.field("page"))
    if isinstance(number, Refused):
        return _roster_page(asked, page=page, refused=number)
    return _roster_page(asked, page=page, full={row: number})


def _roster_page(
    asked: Asked, *, page: int, full: dict[int, str] | None = None, refused: Refused | None = None
) -> Response:
    campaign, village, upload = (
        need(asked.found.campaign), need(asked.found.village), need(asked.found.upload)
    )  # fmt: skip
    count = asked.request.query_params.get("count", "") or asked.field("count")
    listed = list_people(asked.store, upload_id=upload.id, by=asked.person.id, page=page, count=count)
    if isinstance(listed, Refused):
        refused, listed = listed, NOBODY
    facts = {
        "refused": refused,
        "village": village,
        "town": campaign.town(village.town_code),
        "upload": upload,
        "listed": listed,
        "count": count if listed.title else "",
        "full": full or {},
        "reason": asked.field("reason") if refused else "",
        "may_unmask": asked.may("roster.unmask") and bool(listed.people),
        "most": MOST_A_DAY,
    }
    return show(asked, "dossiers/roster.html", facts, status=UNPROCESSABLE if refused else 200)


ROUTES = (
    Route("GET", "/uploads/{upload_id}/roster", "roster.read", show_roster),
    Route("POST", "/uploads/{upload_id}/roster", "roster.unmask", show_number),
)
