"""The working calendar of a campaign: what is published, and what a new decree would move."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from actions.campaign.calendars import CalendarChange, change_calendar, preview
from actions.lookup import calendar_of
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from rules.campaign.calendar import Calendar
from rules.campaign.decree import Decree, entered, spans
from rules.refusals import Refused

FIELDS = ("until", "holidays", "makeup_workdays", "reason")


def show_calendar(asked: Asked) -> Response:
    return _page(asked)


def _page(asked: Asked, planned: CalendarChange | Refused | None = None) -> Response:
    campaign = need(asked.found.campaign)
    refused = planned if isinstance(planned, Refused) else None
    with asked.store.reading() as session:
        calendar = calendar_of(session, campaign.id)
    facts = {
        "refused": refused,
        "calendar": calendar,
        "years": _by_year(calendar),
        "planned": planned if isinstance(planned, CalendarChange) else None,
        "typed": {name: asked.field(name) for name in FIELDS},
    }
    return show(asked, "campaign/calendar.html", facts, status=UNPROCESSABLE if refused else 200)


Spans = list[tuple[date, date]]


def _by_year(calendar: Calendar) -> list[tuple[int, Spans, Spans]]:
    """(year, days off, make-up workdays) in stretches, the newest year first."""
    years = {day.year for day in calendar.holidays | calendar.makeup_workdays}
    return [
        (
            year,
            spans(day for day in calendar.holidays if day.year == year),
            spans(day for day in calendar.makeup_workdays if day.year == year),
        )
        for year in sorted(years, reverse=True)
    ]


def _typed(asked: Asked) -> Decree | Refused:
    return entered(asked.field("holidays"), asked.field("makeup_workdays"), asked.field("until"))


def show_change(asked: Asked) -> Response:
    """What would move; nothing is written."""
    decree = _typed(asked)
    if isinstance(decree, Refused):
        return _page(asked, decree)
    with asked.store.reading() as session:
        planned = preview(session, need(asked.found.campaign).id, decree, now=asked.now)
    return _page(asked, planned)


def change(asked: Asked) -> Response:
    campaign, decree = need(asked.found.campaign), _typed(asked)
    if isinstance(decree, Refused):
        return _page(asked, decree)
    done = change_calendar(
        asked.store,
        campaign_id=campaign.id,
        decree=decree,
        by=asked.person.id,
        reason=asked.field("reason"),
        now=asked.now,
    )
    address = f"/campaigns/{campaign.id}/calendar"
    return _page(asked, done) if isinstance(done, Refused) else go(address, said="calendar_changed")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/calendar", "calendar.read", show_calendar),
    Route("POST", "/campaigns/{campaign_id}/calendar/preview", "calendar.change", show_change),
    Route("POST", "/campaigns/{campaign_id}/calendar/changes", "calendar.change", change),
)
