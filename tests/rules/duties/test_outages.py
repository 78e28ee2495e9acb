"""Outages: what is one, what it cuts short, and the day instead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from rules.campaign.calendar import Calendar
from rules.duties.outages import Outage, cuts_short, day_instead, in_words, is_outage

CALENDAR = Calendar(frozenset(), frozenset(), date(2020, 12, 31))
CHINA = timezone(timedelta(hours=8))


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 11, day, hour, minute, tzinfo=CHINA)


NIGHT = Outage(local(14, 20, 10), local(14, 22, 45))


@pytest.mark.parametrize(
    ("gap", "ran", "found"),
    [(9, None, False), (10, None, True), (180, 180, True), (180, 1, False), (-180, 1, False)],
    ids=["a restart", "a long one", "asleep too", "only the clock", "the clock set back"],
)
def test_outage_is_what_the_machine_counted_too(gap: int, ran: int | None, found: bool) -> None:
    counted = None if ran is None else timedelta(minutes=ran)

    assert is_outage(timedelta(minutes=gap), ran=counted) is found


@pytest.mark.parametrize(
    ("opened", "due", "cut"),
    [
        (local(1, 9), local(15, 22), True),
        (local(1, 9), local(15, 23), False),
        (local(1, 9), local(14, 21), True),
        (local(1, 9), local(14, 20), False),
        (local(14, 23), local(15, 12), False),
    ],
    ids=["within a day", "earlier than that", "due meanwhile", "due before", "asked for later"],
)
def test_outage_cuts_short_what_was_due_within_a_day(opened: datetime, due: datetime, cut: bool) -> None:
    assert cuts_short(NIGHT, opened=opened, due=due) is cut


@pytest.mark.parametrize(
    ("outage", "due", "instead"),
    [
        (NIGHT, date(2020, 11, 13), date(2020, 11, 16)),
        (NIGHT, date(2020, 11, 17), date(2020, 11, 18)),
        (Outage(local(14, 20), local(16, 21)), date(2020, 11, 15), date(2020, 11, 19)),
        (NIGHT, date(2020, 12, 31), date(2021, 1, 1)),
    ],
    ids=["over a weekend", "one day", "three begun days from its end", "beyond the calendar"],
)
def test_day_instead_gives_each_begun_day_back(outage: Outage, due: date, instead: date) -> None:
    found = day_instead(CALENDAR, due, outage=outage, zone=CHINA)

    assert found == instead
    assert not cuts_short(
        outage, opened=outage.began, due=datetime(found.year, found.month, found.day, 23, 59, tzinfo=CHINA)
    )


@pytest.mark.parametrize(
    ("outage", "told"),
    [
        (NIGHT, "11月14日20:10至22:45，共2小时35分"),
        (Outage(local(14, 23, 50), local(15, 0, 5)), "11月14日23:50至11月15日00:05，共15分钟"),
        (
            Outage(local(14, 9).astimezone(UTC), local(14, 11).astimezone(UTC)),
            "11月14日09:00至11:00，共2小时",
        ),
    ],
)
def test_outage_in_words_says_when_and_how_long(outage: Outage, told: str) -> None:
    assert in_words(outage, CHINA) == told
