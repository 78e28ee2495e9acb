"""The picture of a campaign: plain facts in, one SVG out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from actions.lookup import calendar_of
from actions.overview.board import board
from portal.overview.timeline import (
    LATE,
    Progress,
    StageBar,
    Timeline,
    TownLine,
    description_of,
    draw_timeline,
    timeline_of,
)
from portal.web.language import language
from records.store import Store
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local

HERE = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"

SURVEY = StageBar(
    title="调查摸底",
    measure="确认/应办",
    state="closed",
    opens=date(2020, 10, 5),
    due=date(2020, 10, 9),
    lock=date(2020, 10, 11),
    progress=Progress(1, 2, 1),
)
AWARD = replace(
    SURVEY,
    title="奖<补>",
    measure="发放/应发",
    state="waiting",
    opens=date(2020, 10, 12),
    due=date(2020, 10, 16),
    lock=date(2020, 10, 16),
    progress=Progress(0, 0),
)
FACTS = Timeline(
    title="2020年活动",
    today=date(2020, 10, 10),
    stages=(SURVEY, AWARD),
    towns=(
        TownLine("八都镇", (Progress(1, 1), Progress(0, 0))),
        TownLine("查田镇", (Progress(0, 1, 1), Progress(0, 0))),
    ),
    rest=frozenset({date(2020, 10, 5), date(2020, 10, 11)}),
    makeup=frozenset({date(2020, 10, 10)}),
)


@pytest.mark.parametrize(("narrow", "file"), [(False, "timeline.svg"), (True, "timeline-narrow.svg")])
def test_picture_of_two_stages_and_two_towns_is_exactly_this(narrow: bool, file: str) -> None:
    assert draw_timeline(FACTS, narrow=narrow) == (HERE / file).read_text(encoding="utf-8")


def test_picture_is_told_in_sentences_too() -> None:
    picture = ElementTree.fromstring(draw_timeline(FACTS))

    assert picture.findtext(f"{SVG}desc") == description_of(FACTS, language("zh"))
    assert description_of(FACTS, language("zh")) == (
        "今天是10月10日(六)。"
        "“调查摸底”已结束，10月5日(一)开始，10月9日(五)截止，确认/应办1/2。"
        "“奖<补>”未开始，10月12日(一)开始，10月16日(五)截止，发放/应发0/0。"
    )


@pytest.mark.parametrize("narrow", [False, True])
def test_everything_lies_within_the_picture(narrow: bool) -> None:
    early = draw_timeline(replace(FACTS, today=date(2020, 9, 1)), narrow=narrow)
    late = draw_timeline(replace(FACTS, today=date(2020, 12, 31)), narrow=narrow)

    for drawn in (early, late):
        picture = ElementTree.fromstring(drawn)
        wide, tall = float(picture.attrib["width"]), float(picture.attrib["height"])
        for box in picture.iter(f"{SVG}rect"):
            assert 0 <= float(box.attrib["x"]) <= float(box.attrib["x"]) + float(box.attrib["width"]) <= wide
            assert float(box.attrib["y"]) + float(box.attrib["height"]) <= tall


def test_nothing_in_the_picture_is_written_smaller_than_can_be_read_on_a_telephone() -> None:
    for narrow in (False, True):
        sizes = [
            int(one.attrib["font-size"])
            for one in ElementTree.fromstring(draw_timeline(FACTS, narrow=narrow)).iter(f"{SVG}text")
        ]

        assert min(sizes) >= 12


def test_campaign_without_towns_or_days_is_drawn_all_the_same() -> None:
    bare = draw_timeline(Timeline("空", date(2020, 10, 10), (), ()))

    assert ElementTree.fromstring(bare).findtext(f"{SVG}title") == "空：进度图"


def test_picture_of_a_board_counts_as_the_board_does(submitting: Store, campaign: Campaign) -> None:
    with submitting.reading() as session:
        shown = board(session, CAMPAIGN_ID, local(campaign, 11, 17))
        facts = timeline_of(shown, campaign, calendar_of(session, CAMPAIGN_ID))

    assert [stage.progress for stage in facts.stages] == [
        Progress(2, 2),
        Progress(0, 3, 3),
        Progress(0, 0),
        Progress(0, 0),
        Progress(0, 0),
    ]
    assert (facts.today, facts.towns[0].name) == (date(2020, 11, 17), "八都镇")
    assert {date(2020, 11, 14), date(2020, 11, 15)} <= facts.rest
    assert LATE in draw_timeline(facts)
