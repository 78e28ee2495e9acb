"""A new decree against the calendar that counted so far: whether it can be taken, and what is new in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from rules.campaign.calendar import ONE_DAY, Calendar
from rules.entries import read_day, refuse_year
from rules.refusals import Refused

BETWEEN_DAYS = re.compile(r"[\s,;，；、]+")
TO = re.compile(r"\.\.|至|到|~")
LONGEST_SPAN = 31
"""Days; whoever types more has mistyped a year."""


Decree = Callable[[Calendar], Calendar]
"""What was published, as what it makes of the calendar that counted so far, whichever that is by then."""


@dataclass(frozen=True, slots=True)
class News:
    """What differs: days off and make-up workdays that came, and those that went."""

    holidays: tuple[date, ...]
    makeup_workdays: tuple[date, ...]
    dropped_holidays: tuple[date, ...]
    dropped_makeup_workdays: tuple[date, ...]


def refuse_calendar(old: Calendar, new: Calendar) -> Refused | None:
    """None when ``new`` can take the place of ``old``."""
    both = sorted(new.holidays & new.makeup_workdays)
    if both:
        return Refused("day_in_both", f"{both[0]}不能既是放假日又是调休上班日，请核对。")
    if new.published_until < old.published_until:
        return Refused(
            "calendar_shorter", f"放假安排已录到{old.published_until}，不能改短为{new.published_until}。"
        )
    beyond = sorted(day for day in new.holidays | new.makeup_workdays if day > new.published_until)
    if beyond:
        return Refused(
            "day_beyond", f"{beyond[0]}晚于“公布到{new.published_until}”，请改写公布到哪一天，或删去这一天。"
        )
    fresh = {*new.holidays - old.holidays, *new.makeup_workdays - old.makeup_workdays, new.published_until}
    far = next(
        filter(None, (refuse_year(day, about=old.published_until.year) for day in sorted(fresh))), None
    )
    if far:
        return far
    if new == old:
        return Refused("same_calendar", "与系统中现有的放假安排相同，没有需要更新的内容。")
    return None


def news(old: Calendar, new: Calendar) -> News:
    """What the decree brings and takes away, each in order."""
    return News(
        holidays=tuple(sorted(new.holidays - old.holidays)),
        makeup_workdays=tuple(sorted(new.makeup_workdays - old.makeup_workdays)),
        dropped_holidays=tuple(sorted(old.holidays - new.holidays)),
        dropped_makeup_workdays=tuple(sorted(old.makeup_workdays - new.makeup_workdays)),
    )


def entered(holidays: str, makeup_workdays: str, until: str) -> Decree | Refused:
    """What was typed, to be laid over the calendar; a day named on the other side than before changes over.

    Without ``until`` it stays published as far as it is.
    """
    read = [read_days(text) for text in (holidays, makeup_workdays, until)]
    refused = next((one for one in read if isinstance(one, Refused)), None)
    if refused:
        return refused
    off, worked, ends = (frozenset(one) for one in read if not isinstance(one, Refused))

    def lay_over(old: Calendar) -> Calendar:
        return Calendar(
            holidays=(old.holidays - worked) | off,
            makeup_workdays=(old.makeup_workdays - off) | worked,
            published_until=max(ends, default=old.published_until),
        )

    return lay_over


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as stretches of days that follow one another, first and last, in order: how a decree says them."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == ONE_DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def read_days(text: str) -> tuple[date, ...] | Refused:
    """Days as people type them: one or several to a line, ``2027-02-06至2027-02-12`` for all from one to the other."""
    days: list[date] = []
    for word in BETWEEN_DAYS.split(text.strip()):
        found = _read_span(word) if word else ()
        if isinstance(found, Refused):
            return found
        days += found
    return tuple(sorted(set(days)))


def _read_span(word: str) -> tuple[date, ...] | Refused:
    first, _, last = TO.sub("..", word).partition("..")
    start, end = read_day(first), read_day(last or first)
    if isinstance(start, Refused):
        return start
    if isinstance(end, Refused):
        return end
    if not 0 <= (end - start).days <= LONGEST_SPAN:
        return Refused("odd_span", f"“{word[:40]}”的起止日期前后颠倒，或超过{LONGEST_SPAN}天，请核对。")
    return tuple(start + ONE_DAY * n for n in range((end - start).days + 1))
