"""When a duty's reminders fire: nine in the morning local time, the last one again, as often as the ladder says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import chain, count, islice, repeat, takewhile
from zoneinfo import ZoneInfo

from rules.campaign.calendar import ONE_DAY, SATURDAY, Calendar, last_workday_on_or_before
from rules.campaign.campaign import Ladder, Rung

NINE = time(9)


@dataclass(frozen=True, slots=True)
class RungTime:
    """One reminder: ``key`` is unique within a duty and a due date (``late``, ``late#2``, ``late#3`` ...)."""

    key: str
    at: datetime
    role: str
    template: str
    escalate: bool = False


def rungs_due(
    ladder: Ladder, *, opened_at: datetime, due: date, calendar: Calendar, zone: ZoneInfo, now: datetime
) -> tuple[RungTime, ...]:
    """All that should have fired by ``now``, repeats of the last rung included.

    Those not after ``opened_at`` merge into the opening message.
    """
    every = every_rung(ladder, due, calendar, zone)
    until_now = takewhile(lambda rung: rung.at <= now, every)
    return tuple(rung for rung in until_now if rung.at > opened_at)


def next_rung(
    ladder: Ladder, *, opened_at: datetime, due: date, calendar: Calendar, zone: ZoneInfo, after: datetime
) -> datetime | None:
    """The next instant after ``after`` at which a reminder fires; None when the last one has."""
    rungs = rungs_after(ladder, opened_at=opened_at, due=due, calendar=calendar, zone=zone, after=after)
    following = next(rungs, None)
    return following.at if following else None


def rungs_after(
    ladder: Ladder, *, opened_at: datetime, due: date, calendar: Calendar, zone: ZoneInfo, after: datetime
) -> Iterator[RungTime]:
    """Every reminder later than ``after``, in order of time; without end where the ladder has none."""
    later_than = max(opened_at, after)
    return (rung for rung in every_rung(ladder, due, calendar, zone) if rung.at > later_than)


def every_rung(ladder: Ladder, due: date, calendar: Calendar, zone: ZoneInfo) -> Iterator[RungTime]:
    """All rungs in order of time."""
    days = (rung_day(rung, due, calendar, workdays_only=ladder.workdays_only) for rung in ladder.rungs[:-1])
    once = sorted(map(at_nine, ladder.rungs[:-1], days, repeat(zone)), key=instant)
    return merge(once, repeats(ladder, due, calendar, zone), key=instant)


def repeats(ladder: Ladder, due: date, calendar: Calendar, zone: ZoneInfo) -> Iterator[RungTime]:
    """The last rung and its repeats: so many as the ladder allows, or without end."""
    last = ladder.rungs[-1]
    first = rung_day(last, due, calendar, workdays_only=ladder.workdays_only)
    days = islice(repeat_days(ladder, first, calendar), ladder.most_repeats or None)
    start = at_nine(last, first, zone)
    return chain([start], (again(start, day, n, zone) for n, day in enumerate(days, 2)))


def again(start: RungTime, day: date, n: int, zone: ZoneInfo) -> RungTime:
    return RungTime(f"{start.key}#{n}", datetime.combine(day, NINE, tzinfo=zone), start.role, start.template)


def repeat_days(ladder: Ladder, first: date, calendar: Calendar) -> Iterator[date]:
    """Every so many days after ``first``, without end; every so many working days where rest days do not count."""
    pace = max(1, ladder.repeat_days)
    days = (first + ONE_DAY * n for n in count(1))
    counted = worked_days(calendar, first, ONE_DAY) if ladder.workdays_only else days
    return islice(counted, pace - 1, None, pace)


def at_nine(rung: Rung, day: date, zone: ZoneInfo) -> RungTime:
    return RungTime(
        rung.key, datetime.combine(day, NINE, tzinfo=zone), rung.role, rung.template, rung.escalate
    )


def rung_day(rung: Rung, due: date, calendar: Calendar, *, workdays_only: bool = False) -> date:
    """A reminder promises nothing, so beyond the published calendar it keeps its plain date."""
    day = due + timedelta(days=rung.days)
    if rung.on_last_workday:
        worked = last_workday_on_or_before(calendar, day)
        return worked if isinstance(worked, date) else day
    if not workdays_only:
        return day
    if rung.days > 0:
        return next(islice(worked_days(calendar, due, ONE_DAY), rung.days - 1, None))
    return next(worked_days(calendar, day + ONE_DAY, -ONE_DAY))


def worked_days(calendar: Calendar, day: date, pace: timedelta) -> Iterator[date]:
    """Every working day after ``day``, or before it, without end."""
    return (one for one in (day + pace * n for n in count(1)) if is_worked(calendar, one))


def is_worked(calendar: Calendar, day: date) -> bool:
    """Whether a day is worked; beyond the published calendar as any week is."""
    worked = calendar.is_workday(day)
    return worked if isinstance(worked, bool) else day.weekday() < SATURDAY


def instant(rung: RungTime) -> datetime:
    return rung.at
