"""Returns: items that name what is wrong, and days on which a correction may be due."""

from __future__ import annotations

from datetime import date

import pytest

from config.campaign_folder import campaign_folder, read_campaign
from rules.campaign.calendar import Calendar
from rules.refusals import Refused
from rules.review.returns import (
    LONGEST,
    MOST_ITEMS,
    ReturnItem,
    Window,
    as_reason,
    correction_window,
    refuse_day,
    refuse_items,
    subjects,
    told,
)

CALENDAR = Calendar(frozenset({date(2020, 10, 1)}), frozenset({date(2020, 11, 14)}), date(2020, 12, 31))
TITLES = {"roster": "附件2 花名册", "B1.3": "B1.3 基础台账动态更新"}


def code_of(outcome: object) -> str:
    return outcome.code if isinstance(outcome, Refused) else ""


def test_item_may_be_about_every_annex_and_indicator() -> None:
    campaign = read_campaign(campaign_folder("longquan-2020"))
    found = subjects(campaign)

    assert found["roster"] == campaign.forms.sheet("roster")
    assert found["A1.1"] == "A1.1 劳动者就业率"
    assert {"C1", "V1"} <= found.keys()


def test_items_become_one_reason() -> None:
    one, other = ReturnItem("B1.3", "第4行与台账不符。"), ReturnItem("", "缺照片")

    assert told(one, TITLES) == "B1.3 基础台账动态更新：第4行与台账不符。"
    assert as_reason([other], TITLES) == "缺照片"
    assert as_reason([one, other], TITLES) == "1. B1.3 基础台账动态更新：第4行与台账不符；2. 缺照片。"
    assert as_reason([], TITLES) == ""


@pytest.mark.parametrize(
    ("items", "returning", "code"),
    [
        ([], False, ""),
        ([], True, "no_items"),
        ([ReturnItem("roster", "第7行缺去向")], True, ""),
        ([ReturnItem("roster", "第7行缺去向")], False, "items_without_return"),
        ([ReturnItem("roster", " ")], True, "empty_item"),
        ([ReturnItem("Z9", "缺")], True, "unknown_subject"),
        ([ReturnItem("", "长" * (LONGEST + 1))], True, "long_item"),
        ([ReturnItem("", "331199199003070019号重复")], True, "id_in_item"),
        ([ReturnItem("", "缺")] * (MOST_ITEMS + 1), True, "too_many_items"),
    ],
)
def test_items_go_to_the_town_only_with_a_return_and_only_whole(
    items: list[ReturnItem], returning: bool, code: str
) -> None:
    assert code_of(refuse_items(items, TITLES, returning=returning)) == code


@pytest.mark.parametrize(
    ("today", "usual", "closes", "window"),
    [
        (date(2020, 11, 16), 3, date(2020, 11, 25), Window(date(2020, 11, 17), date(2020, 11, 19), date(2020, 11, 24))),
        (date(2020, 11, 24), 3, date(2020, 11, 25), Window(date(2020, 11, 25), date(2020, 11, 27), date(2020, 11, 27))),
        (date(2020, 11, 16), 0, date(2020, 11, 25), Window(date(2020, 11, 16), date(2020, 11, 16), date(2020, 11, 24))),
    ],
)  # fmt: skip
def test_correction_is_due_between_tomorrow_and_the_end_of_the_verification(
    today: date, usual: int, closes: date, window: Window
) -> None:
    assert correction_window(CALENDAR, today, usual=usual, closes=closes) == window


def test_correction_beyond_the_published_calendar_is_refused() -> None:
    found = correction_window(CALENDAR, date(2020, 12, 30), usual=3, closes=date(2020, 12, 30))

    assert code_of(found) == "calendar_unpublished"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2020, 11, 13), ""),
        (date(2020, 11, 14), ""),
        (date(2020, 11, 15), "not_a_workday"),
        (date(2020, 11, 16), "outside_window"),
        (date(2020, 11, 12), "outside_window"),
    ],
)
def test_proposed_day_is_a_working_day_within_the_window(day: date, code: str) -> None:
    window = Window(date(2020, 11, 13), date(2020, 11, 13), date(2020, 11, 15))

    assert code_of(refuse_day(CALENDAR, window, day)) == code
