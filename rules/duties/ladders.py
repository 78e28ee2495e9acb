"""When a duty's reminders fire: nine in the morning local time, the last one again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import chain, count, takewhile
from zoneinfo import ZoneInfo

from rules.campaign.calendar import Calendar, last_workday_on_or_before
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
) -> datetime:
    """The next instant after ``after`` at which a reminder fires; there always is one."""
    rungs = rungs_after(ladder, opened_at=opened_at, due=due, calendar=calendar, zone=zone, after=after)
    return next(rungs).at


def rungs_after(
    ladder: Ladder, *, opened_at: datetime, due: date, calendar: Calendar, zone: ZoneInfo, after: datetime
) -> Iterator[RungTime]:
    """Every reminder later than ``after``, in order of time, without end."""
    later_than = max(opened_at, after)
    return (rung for rung in every_rung(ladder, due, calendar, zone) if rung.at > later_than)


def every_rung(ladder: Ladder, due: date, calendar: Calendar, zone: ZoneInfo) -> Iterator[RungTime]:
    """All rungs in order of time, without end."""
    once = sorted((first_time(rung, due, calendar, zone) for rung in ladder.rungs[:-1]), key=instant)
    return merge(once, repeats(ladder, due, calendar, zone), key=instant)


def repeats(ladder: Ladder, due: date, calendar: Calendar, zone: ZoneInfo) -> Iterator[RungTime]:
    """The last rung and its repeats, without end."""
    last = ladder.rungs[-1]
    start = first_time(last, due, calendar, zone)
    pace = timedelta(days=max(1, ladder.repeat_days))

    def again(n: int) -> RungTime:
        at = datetime.combine(start.at.date() + n * pace, NINE, tzinfo=zone)
        return RungTime(f"{last.key}#{n + 1}", at, last.role, last.template)

    return chain([start], map(again, count(1)))


def first_time(rung: Rung, due: date, calendar: Calendar, zone: ZoneInfo) -> RungTime:
    at = datetime.combine(rung_day(rung, due, calendar), NINE, tzinfo=zone)
    return RungTime(rung.key, at, rung.role, rung.template, rung.escalate)


def rung_day(rung: Rung, due: date, calendar: Calendar) -> date:
    """A reminder promises nothing, so beyond the published calendar it keeps its plain date."""
    day = due + timedelta(days=rung.days)
    if not rung.on_last_workday:
        return day
    worked = last_workday_on_or_before(calendar, day)
    return worked if isinstance(worked, date) else day


def instant(rung: RungTime) -> datetime:
    return rung.at
