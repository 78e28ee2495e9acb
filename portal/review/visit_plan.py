"""The plan of visits: a calendar, what each version changed, and the sheet for the car."""

from __future__ import annotations

from starlette.responses import Response

from actions.review.planning.calendar import car_sheet, visit_calendar
from portal.web.path_objects import need
from portal.web.rendering import as_file, go, show
from portal.web.request import Asked
from portal.web.routes import Route

ADDRESS = "/campaigns/{campaign_id}/visits"


def show_plan(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        shown = visit_calendar(session, campaign.id)
        facts = {"shown": shown, "zone": campaign.zone, "rules": campaign.visits}
        return show(asked, "review/visit_plan.html", facts)


def send_sheet(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        data = car_sheet(session, campaign.id)
    if data is None:
        return go(f"/campaigns/{campaign.id}/visits")
    return as_file(data, name=f"{campaign.title}现场核查计划.xlsx")


ROUTES = (
    Route("GET", ADDRESS, "visits.read", show_plan),
    Route("GET", f"{ADDRESS}/car.xlsx", "visits.read", send_sheet),
)
