"""The town's page: what it owes, its survey, its paper copies, and asking for more time."""

from __future__ import annotations

from datetime import date, datetime

from starlette.responses import Response

from actions.campaign.survey import confirm_survey
from actions.dossiers.paper import announce_paper
from actions.duties.extension_requests import ask_extension
from portal.dossiers.town_view import town_view
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.duties.extension_requests import unanswered_requests
from rules.campaign.campaign import Campaign
from rules.refusals import Refused


def show_town(asked: Asked) -> Response:
    return _town_page(asked)


def _town_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, code = need(asked.found.campaign), asked.found.town_code
    with asked.store.reading() as session:
        view = town_view(session, campaign, code, now=asked.now)
        asking = unanswered_requests(session, campaign.id, town_code=code)
        facts = {
            "refused": refused,
            "town": campaign.town(code),
            "view": view,
            "asking": {duty.id: request for request, duty in asking},
            "zone": campaign.zone,
        }
        return show(asked, "town.html", facts, status=UNPROCESSABLE if refused else 200)


def _address(asked: Asked) -> str:
    return f"/campaigns/{need(asked.found.campaign).id}/towns/{asked.found.town_code}"


def confirm(asked: Asked) -> Response:
    """Which villages take part; none at all has to be said with a tick of its own."""
    chosen = [value for value in asked.form.getlist("village") if isinstance(value, str)]
    if not chosen and not asked.field("none"):
        return _town_page(
            asked, Refused("nothing_chosen", "请勾选参与的社区(村)；确实都不参与的，请勾选“均不参与”。")
        )
    refused = confirm_survey(
        asked.store,
        campaign_id=need(asked.found.campaign).id,
        town_code=asked.found.town_code,
        villages=chosen,
        by=asked.person.id,
        now=asked.now,
    )
    return _town_page(asked, refused) if refused else go(_address(asked), said="survey_confirmed")


def announce(asked: Asked) -> Response:
    refused = announce_paper(
        asked.store,
        campaign_id=need(asked.found.campaign).id,
        town_code=asked.found.town_code,
        how=asked.field("how"),
        by=asked.person.id,
        now=asked.now,
    )
    return _town_page(asked, refused) if refused else go(_address(asked), said="paper_announced")


def ask_for_time(asked: Asked) -> Response:
    """A request about any duty of the town; answered on the page from which it came."""
    wanted = end_of_day(need(asked.found.campaign), asked.field("wanted_due"))
    if isinstance(wanted, Refused):
        return _town_page(asked, wanted)
    done = ask_extension(
        asked.store,
        duty_id=need(asked.found.duty).id,
        by=asked.person.id,
        wanted_due=wanted,
        reason=asked.field("reason"),
        now=asked.now,
    )
    return (
        _town_page(asked, done) if isinstance(done, Refused) else go(_address(asked), said="extension_asked")
    )


def end_of_day(campaign: Campaign, text: str) -> datetime | Refused:
    """The last second of a day that was typed or picked."""
    try:
        return campaign.end_of(date.fromisoformat(text))
    except ValueError:
        return Refused("no_date", "日期没有填写或无法识别，请按2020-11-20的格式填写。")


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/towns/{town_code}", "town.read", show_town),
    Route("POST", "/campaigns/{campaign_id}/towns/{town_code}/survey", "town.confirm_survey", confirm),
    Route("POST", "/campaigns/{campaign_id}/towns/{town_code}/paper", "town.announce_paper", announce),
    Route("POST", "/duties/{duty_id}/extension-requests", "duty.ask_extension", ask_for_time),
)
