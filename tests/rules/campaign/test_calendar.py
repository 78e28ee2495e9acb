"""Working days with 调休, the year's end, and the end of what is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from chinese_calendar import constants, is_workday
from hypothesis import given
from hypothesis import strategies as some

from rules.campaign.calendar import (
    Calendar,
    add_workdays,
    last_workday_on_or_before,
    range_of,
    settle,
    workdays_between,
)
from rules.refusals import Refused
from tests.rules.samples import CALENDAR

UNPUBLISHED = Refused(
    "calendar_unpublished", "放假安排只公布到2021-01-31，无法推算2021-02-01是否为工作日。请先更新日历。"
)

published_days = some.dates(date(2020, 1, 1), date(2020, 12, 31))
holidays = some.frozensets(published_days, max_size=20)


@some.composite
def calendars(draw: some.DrawFn) -> Calendar:
    off = draw(holidays)
    return Calendar(off, draw(holidays) - off, date(2021, 1, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2020, 10, 1), False),
        (date(2020, 9, 27), True),
        (date(2020, 10, 10), True),
        (date(2020, 10, 11), False),
        (date(2020, 10, 9), True),
        (date(2021, 1, 1), False),
    ],
)
def test_workday_knows_holidays_and_makeup_days(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) is worked


def test_workday_beyond_the_published_year_is_refused() -> None:
    assert CALENDAR.is_workday(date(2021, 2, 1)) == UNPUBLISHED


def test_adding_workdays_crosses_the_holiday_and_its_makeup_day() -> None:
    assert add_workdays(CALENDAR, date(2020, 9, 30), 2) == date(2020, 10, 10)


def test_adding_workdays_crosses_the_new_year() -> None:
    assert add_workdays(CALENDAR, date(2020, 12, 31), 1) == date(2021, 1, 4)


def test_adding_workdays_into_an_unpublished_year_is_refused() -> None:
    assert add_workdays(CALENDAR, date(2021, 1, 29), 1) == UNPUBLISHED


def test_adding_no_workdays_stays() -> None:
    assert add_workdays(CALENDAR, date(2020, 10, 3), 0) == date(2020, 10, 3)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("keep", date(2020, 11, 15)), ("earlier", date(2020, 11, 13)), ("later", date(2020, 11, 16))],
)
def test_settling_a_sunday_follows_the_policy(policy: str, expected: date) -> None:
    assert settle(CALENDAR, date(2020, 11, 15), policy) == expected


def test_settling_beyond_the_published_year_is_refused_unless_kept() -> None:
    assert settle(CALENDAR, date(2021, 2, 1), "keep") == date(2021, 2, 1)
    assert settle(CALENDAR, date(2021, 1, 31), "later") == UNPUBLISHED


def test_last_workday_before_a_sunday_is_the_friday() -> None:
    assert last_workday_on_or_before(CALENDAR, date(2020, 11, 15)) == date(2020, 11, 13)


def test_workdays_between_counts_the_last_day_only() -> None:
    assert workdays_between(CALENDAR, date(2020, 11, 20), date(2020, 11, 25)) == 3
    assert workdays_between(CALENDAR, date(2020, 11, 25), date(2020, 11, 20)) == 0
    assert workdays_between(CALENDAR, date(2020, 11, 25), date(2021, 2, 1)) == UNPUBLISHED


@given(calendars(), published_days, some.integers(1, 15))
def test_added_workdays_are_the_workdays_between(calendar: Calendar, day: date, n: int) -> None:
    end = add_workdays(calendar, day, n)

    assert isinstance(end, Refused) or (
        workdays_between(calendar, day, end) == n and calendar.is_workday(end) is True
    )


@given(calendars(), published_days, some.integers(1, 15))
def test_adding_and_taking_away_workdays_returns_to_a_workday(calendar: Calendar, day: date, n: int) -> None:
    start = settle(calendar, day, "earlier")
    assert isinstance(start, date)

    end = add_workdays(calendar, start, n)

    assert isinstance(end, Refused) or add_workdays(calendar, end, -n) == start


@given(calendars(), published_days, some.sampled_from(["earlier", "later"]))
def test_settled_day_is_the_nearest_workday_on_its_side(calendar: Calendar, day: date, policy: str) -> None:
    settled = settle(calendar, day, policy)
    assert isinstance(settled, date)

    low, high = sorted((day, settled))
    passed = [low + timedelta(days=n) for n in range((high - low).days + 1)]
    assert [one for one in passed if calendar.is_workday(one) is True] == [settled]


@given(some.dates(date(2021, 2, 1), date(2030, 1, 1)))
def test_unpublished_days_are_never_promised(day: date) -> None:
    assert isinstance(CALENDAR.is_workday(day), Refused)


PUBLISHED = Calendar(
    holidays=frozenset(day for day in constants.holidays if day.year >= 2020),
    makeup_workdays=frozenset(day for day in constants.workdays if day.year >= 2020),
    published_until=date(2026, 12, 31),
)


@given(
    start=some.dates(date(2020, 1, 1), date(2026, 9, 1)),
    workdays=some.integers(0, 40),
    known=some.integers(0, 90),
)
def test_day_that_is_not_published_yet_lies_in_its_range_whatever_is_decreed(
    start: date, workdays: int, known: int
) -> None:
    early = replace(PUBLISHED, published_until=start + timedelta(days=known))

    between = range_of(early, start, workdays)

    day = add_workdays(PUBLISHED, start, workdays)
    assert isinstance(day, date)
    assert between.first <= day <= between.last


@given(
    first=some.dates(date(2020, 1, 1), date(2026, 6, 30)), n=some.integers(1, 60), pause=some.integers(0, 60)
)
def test_working_days_of_the_published_tables_add_up_and_come_back(first: date, n: int, pause: int) -> None:
    last = add_workdays(PUBLISHED, first, n)
    assert isinstance(last, date)

    assert PUBLISHED.is_workday(last) is True
    assert workdays_between(PUBLISHED, first, last) == n
    assert (constants_say(first, last), workdays_between(PUBLISHED, last, last)) == (n, 0)
    further = add_workdays(PUBLISHED, last, pause)
    assert further == add_workdays(PUBLISHED, first, n + pause)


def constants_say(first: date, last: date) -> int:
    """The library's own count of what is worked after ``first`` up to ``last``."""
    return sum(is_workday(first + timedelta(days=one)) for one in range(1, (last - first).days + 1))
