"""A new decree: what can be taken, what is new in it, and how people type days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.campaign.calendar import Calendar
from rules.campaign.decree import News, entered, news, read_days, refuse_calendar, spans
from rules.refusals import Refused

OLD = Calendar(
    frozenset({date(2020, 10, 1), date(2020, 10, 2)}), frozenset({date(2020, 10, 10)}), date(2020, 12, 31)
)
NEW = Calendar(frozenset({date(2020, 10, 1), date(2021, 1, 1)}), frozenset(), date(2021, 12, 31))


def test_news_are_what_came_and_what_went() -> None:
    assert news(OLD, NEW) == News((date(2021, 1, 1),), (), (date(2020, 10, 2),), (date(2020, 10, 10),))


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NEW, None),
        (OLD, "same_calendar"),
        (replace(OLD, published_until=date(2020, 12, 30)), "calendar_shorter"),
        (replace(NEW, makeup_workdays=NEW.holidays), "day_in_both"),
        (replace(OLD, holidays=frozenset({date(2021, 1, 1)})), "day_beyond"),
        (replace(OLD, published_until=date(9999, 12, 31)), "far_year"),
        (replace(OLD, holidays=OLD.holidays | {date(1, 1, 1)}), "far_year"),
        (replace(OLD, holidays=OLD.holidays | {date(2014, 12, 31)}), "far_year"),
    ],
)
def test_calendar_is_taken_only_if_it_is_one(new: Calendar, code: str | None) -> None:
    refused = refuse_calendar(OLD, new)

    assert (refused.code if refused else None) == code


def test_day_named_on_the_other_side_changes_over() -> None:
    lay_over = entered("2020-10-10", "2020-10-02", "2021-12-31")

    assert not isinstance(lay_over, Refused)
    assert lay_over(OLD) == Calendar(
        frozenset({date(2020, 10, 1), date(2020, 10, 10)}), frozenset({date(2020, 10, 2)}), date(2021, 12, 31)
    )


def test_decree_that_says_no_end_leaves_it_where_the_calendar_has_it_by_then() -> None:
    lay_over = entered("2020-10-03", "", "")

    assert not isinstance(lay_over, Refused)
    assert [lay_over(one).published_until for one in (OLD, NEW)] == [OLD.published_until, NEW.published_until]


def test_decree_of_days_that_are_none_is_refused() -> None:
    refused = entered("2020-10-03", "明天", "")

    assert isinstance(refused, Refused)
    assert refused.code == "no_date"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", ()),
        ("2027-02-06至2027-02-08、2027-01-01", (1, 37, 38, 39)),
        ("2027-01-01..2027-01-02\n2027-01-02，", (1, 2)),
    ],
)
def test_days_are_read_as_people_type_them(text: str, days: tuple[int, ...]) -> None:
    read = read_days(text)

    assert not isinstance(read, Refused)
    assert tuple(day.timetuple().tm_yday for day in read) == days


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2月6日", "no_date"),
        ("2027-02-30", "no_date"),
        ("2027-02-08至2027-02-06", "odd_span"),
        ("2027-01-01到2028-01-01", "odd_span"),
        ("2027-W01-1", "no_date"),
        ("9999-12-31", "far_year"),
        ("2027-01-01到9999-12-31", "far_year"),
    ],
)
def test_days_that_are_none_are_refused(text: str, code: str) -> None:
    refused = read_days(text)

    assert isinstance(refused, Refused)
    assert refused.code == code


@given(some.sets(some.dates(date(2020, 1, 1), date(2020, 3, 31)), min_size=1))
def test_days_told_as_stretches_are_read_back_the_same(days: set[date]) -> None:
    told = spans(days)

    assert read_days("\n".join(f"{first}..{last}" for first, last in told)) == tuple(sorted(days))
    assert all(after[0] - before[1] > timedelta(days=1) for before, after in pairwise(told))
