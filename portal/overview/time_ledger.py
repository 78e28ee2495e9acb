"""The ledger of time, which every town may read: who was given how much more, and where the bureau was late."""

from __future__ import annotations

from starlette.responses import Response

from actions.overview.time_ledger import DELAY, EXTENSION, OUTAGE, RETURN, time_ledger
from portal.web.paging import number_in, sheet_of
from portal.web.path_objects import need
from portal.web.rendering import show
from portal.web.request import Asked
from portal.web.routes import Route

MOST_ENTRIES = 100
KINDS = {EXTENSION: "延期", RETURN: "退回补正", DELAY: "局里超期", OUTAGE: "门户中断"}


def show_time(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        found = time_ledger(session, campaign.id, now=asked.now)
    number = number_in(asked.request.query_params.get("page", ""))
    facts = {
        "sheet": sheet_of(found, number, size=MOST_ENTRIES),
        "kinds": KINDS,
        "sums": {kind: sum(one.days for one in found if one.kind == kind) for kind in KINDS},
        "numbers": {kind: sum(one.kind == kind for one in found) for kind in KINDS},
    }
    return show(asked, "overview/time_ledger.html", facts)


ROUTES = (Route("GET", "/campaigns/{campaign_id}/time", "time.read", show_time),)
