"""The board: how far each town is in each stage, who has the ball, what comes next, and the picture of it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from actions.campaign.outages import waiting
from actions.campaign.targets import TITLES
from actions.duties.more_time import lapsed
from actions.lookup import calendar_of
from actions.overview.board import Board, Cell, Sleeper, Waiting
from actions.overview.counts import PARTS, columns_of
from portal.overview.timeline import description_of, draw_timeline, progress_of, timeline_of, title_of
from portal.web.paging import Sheet, number_in, sheet_of
from portal.web.path_objects import need
from portal.web.rendering import show
from portal.web.request import Asked
from portal.web.routes import Route
from records.duties.extensions import unanswered_requests
from rules.campaign.campaign import ROLES, TOWN_ROLES, Campaign, Town

MOST_WAITING = 100
MOST_TOWNS = 60
SVG = "image/svg+xml; charset=utf-8"
SIDES = {"bureau": "局里", "town": "乡镇(街道)"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which open duties are asked for; what is empty leaves all."""

    town: str = ""
    holder: str = ""
    """A role, or a side of ``SIDES``."""
    late: bool = False

    def fits(self, one: Waiting) -> bool:
        side = "town" if one.role in TOWN_ROLES else "bureau"
        return (
            self.town in ("", one.town_code)
            and self.holder in ("", one.role, side)
            and (not self.late or one.late_workdays != 0)
        )


def show_board(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    wanted = _filter(asked)
    with asked.store.reading() as session:
        shown = asked.house.boards.board_of(session, campaign.id, asked.now)
        towns = _towns(asked, campaign)
        stage = _stage_shown(shown, asked.request.query_params.get("stage", ""))
        cells = _cells(shown, towns, stage)
        picture = timeline_of(
            shown, replace(campaign, towns=tuple(towns.items)), calendar_of(session, campaign.id)
        )
        facts = {
            "zone": campaign.zone,
            "board": shown,
            "stage": stage,
            "lapsed": lapsed(session, campaign.id),
            "asking": unanswered_requests(session, campaign.id),
            "outages": waiting(session, campaign.id) if asked.may("duty.extend") else [],
            "most_waiting": MOST_WAITING,
            "columns": {} if stage == "all" else columns_of(stage),
            "parts": PARTS,
            "wanted": wanted,
            "waiting": [one for one in shown.waiting if wanted.fits(one)],
            "whys": _whys(shown),
            "others": _others(shown),
            "holders": _holders(shown.waiting),
            "picture_title": title_of(picture, asked.language),
            "picture_told": description_of(picture, asked.language),
            "towns": towns,
            "reached": [one for one in shown.towns if one.town_code in {town.code for town in towns.items}],
            "reach_titles": TITLES,
            "cells": cells,
            "progress": {
                (one.stage, one.town_code): progress_of(one.stage, one.counts)
                for one in (cells if stage == "all" else [])
            },
        }
        return show(asked, "overview/board.html", facts)


def _towns(asked: Asked, campaign: Campaign) -> Sheet[Town]:
    number = number_in(asked.request.query_params.get("page", ""))
    return sheet_of(campaign.towns, number, size=MOST_TOWNS)


def _cells(shown: Board, towns: Sheet[Town], stage: str) -> list[Cell]:
    """The cells of the stage, or of all, in which the towns on this sheet stand."""
    wanted = {town.code for town in towns.items}
    return [one for one in shown.cells if stage in (one.stage, "all") and one.town_code in wanted]


def _stage_shown(shown: Board, wanted: str) -> str:
    """The stage asked for, or ``all``, or the one under way, or the first."""
    names = [line.name for line in shown.stages]
    under_way = [line.name for line in shown.stages if line.state == "open"]
    closed = [line.name for line in shown.stages if line.state == "closed"]
    return wanted if wanted in (*names, "all") else [*names[:1], *closed[-1:], *under_way][-1]


def _filter(asked: Asked) -> Filter:
    query = asked.request.query_params
    return Filter(query.get("town", ""), query.get("holder", ""), query.get("late", "") == "1")


def _whys(shown: Board) -> dict[int, str]:
    """Duty -> why its run waits; where a run waits for several, behind the first one due."""
    first = {(one.stage, one.subject): one.duty_id for one in reversed(shown.waiting)}
    told = {(one.kind, one.subject): one.sentence for one in shown.sleepers}
    return {first[run]: sentence for run, sentence in told.items() if run in first}


def _others(shown: Board) -> list[Sleeper]:
    """Runs that wait for nobody's duty: their sentence stands behind no row."""
    owed = {(one.stage, one.subject) for one in shown.waiting}
    return [one for one in shown.sleepers if (one.kind, one.subject) not in owed]


def _holders(waiting: Sequence[Waiting]) -> list[tuple[str, str]]:
    """(value, title) of whom one may ask for: both sides, then every role that holds something."""
    return [
        *SIDES.items(),
        *((role, title) for role, title in ROLES.items() if role in {one.role for one in waiting}),
    ]


def send_timeline(asked: Asked) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        shown = asked.house.boards.board_of(session, campaign.id, asked.now)
        part = replace(campaign, towns=tuple(_towns(asked, campaign).items))
        facts = timeline_of(shown, part, calendar_of(session, campaign.id))
    narrow = asked.request.query_params.get("narrow", "") == "1"
    return Response(draw_timeline(facts, narrow=narrow, spoken=asked.language), media_type=SVG)


ROUTES = (
    Route("GET", "/campaigns/{campaign_id}/board", "board.read", show_board),
    Route("GET", "/campaigns/{campaign_id}/timeline.svg", "board.read", send_timeline),
)
