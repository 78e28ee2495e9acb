"""Working days of China's published calendar: holidays, make-up workdays, and where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rules.refusals import Refused

ONE_DAY = timedelta(days=1)
SATURDAY = 5

LONGEST_BREAK = timedelta(days=10)
"""No rest in China's calendar moves a working day further than this; one may fall into each month that is
not yet published."""
A_MONTH = 31

DIRECTIONS: Mapping[str, int] = {"keep": 0, "earlier": -1, "later": 1}
"""Where a due date on a rest day moves."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the State Council has published: days off, 调休 workdays, and the last day it covers."""

    holidays: frozenset[date]
    makeup_workdays: frozenset[date]
    published_until: date

    def is_workday(self, day: date) -> bool | Refused:
        """Whether ``day`` is worked; refused beyond ``published_until`` (a refusal is truthy: ask first)."""
        if day > self.published_until:
            return refuse_unpublished(self, day)
        return day in self.makeup_workdays or (day.weekday() < SATURDAY and day not in self.holidays)


@dataclass(frozen=True, slots=True)
class DayRange:
    """Between which days something lies that is not yet known to the day; both are the same where it is."""

    first: date
    last: date


def refuse_unpublished(calendar: Calendar, day: date) -> Refused:
    return Refused(
        "calendar_unpublished",
        f"放假安排只公布到{calendar.published_until:%Y-%m-%d}，无法推算{day:%Y-%m-%d}是否为工作日。请先更新日历。",
    )


def add_workdays(calendar: Calendar, day: date, n: int) -> date | Refused:
    """The ``n``-th working day after ``day`` (before it when ``n`` is negative); ``day`` itself for 0."""
    pace = ONE_DAY if n > 0 else -ONE_DAY
    left = abs(n)
    while left:
        day += pace
        worked = calendar.is_workday(day)
        if isinstance(worked, Refused):
            return worked
        left -= worked
    return day


def range_of(calendar: Calendar, day: date, n: int) -> DayRange:
    """Between which days the ``n``-th working day after ``day`` lies, also where no decree reaches yet.

    Of days that are not published any may be worked, and a long rest may begin in each month of them.
    """
    known = add_workdays(calendar, day, n)
    if isinstance(known, date):
        return DayRange(known, known)
    first = last = day
    left_first = left_last = n
    while left_first:
        first += ONE_DAY
        left_first -= calendar.is_workday(first) is not False
    while left_last:
        last += ONE_DAY
        left_last -= last.weekday() < SATURDAY if last > calendar.published_until else _worked(calendar, last)
    months = 1 + max(0, (last - max(day, calendar.published_until)).days) // A_MONTH
    return DayRange(first, last + months * LONGEST_BREAK)


def _worked(calendar: Calendar, day: date) -> bool:
    return calendar.is_workday(day) is True


def settle(calendar: Calendar, day: date, policy: str) -> date | Refused:
    """``day`` if it is worked or ``policy`` is keep; else the nearest working day earlier or later."""
    pace = DIRECTIONS[policy] * ONE_DAY
    while pace:
        worked = calendar.is_workday(day)
        if isinstance(worked, Refused):
            return worked
        if worked:
            break
        day += pace
    return day


def last_workday_on_or_before(calendar: Calendar, day: date) -> date | Refused:
    return settle(calendar, day, "earlier")


def workdays_between(calendar: Calendar, first: date, last: date) -> int | Refused:
    """Working days after ``first`` up to and including ``last``; 0 when ``last`` is not later."""
    if last > calendar.published_until:
        return refuse_unpublished(calendar, last)
    days = (first + ONE_DAY * n for n in range(1, (last - first).days + 1))
    return sum(calendar.is_workday(day) is True for day in days)
