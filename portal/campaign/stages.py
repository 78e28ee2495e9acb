"""A stage: what closing it early or opening it again would move, and the buttons that do it."""

from __future__ import annotations

from starlette.responses import Response

from actions.campaign import stage_changes
from actions.campaign.stage_changes import StageChange
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.people.people import names_of
from records.review.reopenings import changes_of
from records.store import Session
from rules.entries import read_day
from rules.refusals import Refused


def show_stage(asked: Asked) -> Response:
    return _stage_page(asked)


def _stage_page(asked: Asked, refused: Refused | None = None) -> Response:
    campaign, stage = need(asked.found.campaign), need(asked.found.stage)
    with asked.store.reading() as session:
        planned = _planned(session, asked) if asked.may("stage.change") else None
        facts = {
            "refused": refused,
            "zone": campaign.zone,
            "stage": stage,
            "plan": campaign.stage(stage.name),
            "changes": changes_of(session, stage),
            "names": names_of(session),
            "planned": planned if isinstance(planned, StageChange) else None,
            "may_not": planned if isinstance(planned, Refused) else None,
            "until": _until(asked),
            "reason": asked.field("reason"),
        }
        return show(asked, "campaign/stage.html", facts, status=UNPROCESSABLE if refused else 200)


def _until(asked: Asked) -> str:
    return asked.field("until") or asked.request.query_params.get("until", "")


def _planned(session: Session, asked: Asked) -> StageChange | Refused | None:
    """What closing would move now, or opening until the day that is named; None where nothing is asked."""
    stage = need(asked.found.stage)
    if stage.state == "open":
        return stage_changes.preview_closing(session, stage, now=asked.now)
    if stage.state == "waiting" or not _until(asked):
        return None
    day = read_day(_until(asked))
    return (
        day
        if isinstance(day, Refused)
        else stage_changes.preview_opening(session, stage, until=day, now=asked.now)
    )


def close_stage(asked: Asked) -> Response:
    stage = need(asked.found.stage)
    refused = stage_changes.close_early(
        asked.store,
        campaign_id=stage.campaign_id,
        stage=stage.name,
        by=asked.person.id,
        reason=asked.field("reason"),
        now=asked.now,
    )
    return _stage_page(asked, refused) if refused else go(_address(asked), said="stage_closed")


def open_stage(asked: Asked) -> Response:
    stage, day = need(asked.found.stage), asked.day("until")
    refused = (
        day
        if isinstance(day, Refused)
        else stage_changes.reopen_stage(
            asked.store,
            campaign_id=stage.campaign_id,
            stage=stage.name,
            until=day,
            by=asked.person.id,
            reason=asked.field("reason"),
            now=asked.now,
        )
    )
    return _stage_page(asked, refused) if refused else go(_address(asked), said="stage_reopened")


def _address(asked: Asked) -> str:
    stage = need(asked.found.stage)
    return f"/campaigns/{stage.campaign_id}/stages/{stage.name}"


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/stages/{stage_name}", "stage.read", show_stage),
    Route("POST", "/campaigns/{campaign_id}/stages/{stage_name}/closings", "stage.change", close_stage),
    Route("POST", "/campaigns/{campaign_id}/stages/{stage_name}/openings", "stage.change", open_stage),
)
