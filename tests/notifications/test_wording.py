"""Dates are said with their weekday."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from notifications.wording import day_text, due_facts, left_text, moment_text, when_late


def test_day_on_a_sunday_says_so() -> None:
    assert day_text(date(2020, 11, 15)) == "11月15日(星期日)"


def test_day_on_a_monday_says_so() -> None:
    assert day_text(date(2020, 11, 30)) == "11月30日(星期一)"


def test_moment_in_another_zone_is_said_in_the_campaigns() -> None:
    received = datetime(2020, 11, 15, 15, 59, 59, tzinfo=UTC)

    assert moment_text(received, ZoneInfo("Asia/Shanghai")) == "2020年11月15日(星期日) 23:59:59"


def test_moment_without_a_zone_given_keeps_its_own() -> None:
    assert moment_text(datetime(2020, 11, 15, 9, tzinfo=UTC)) == "2020年11月15日(星期日) 09:00:00"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2020, 11, 10), "，还剩5天"),
        (date(2020, 11, 15), "，今天截止"),
        (date(2020, 11, 17), "，已逾期2天"),
    ],
)
def test_date_says_how_far_it_is(today: date, said: str) -> None:
    assert left_text(due_facts(date(2020, 11, 15)), today=today) == said


def test_message_without_a_date_has_no_days_left() -> None:
    assert left_text({"due": ""}, today=date(2020, 11, 15)) == ""


@pytest.mark.parametrize(
    ("left", "said"), [("，已逾期2天", "，已逾期2天"), ("，还剩3天", ""), ("，今天截止", ""), ("", "")]
)
def test_subject_that_asks_says_only_that_it_is_late(left: str, said: str) -> None:
    assert when_late(left) == said
