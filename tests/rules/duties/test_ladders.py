"""When reminders fire."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from rules.campaign.campaign import Ladder
from rules.duties.ladders import RungTime, next_rung, rungs_due
from tests.rules.samples import CALENDAR, LADDER, ZONE, local

DUTY: dict[str, Any] = {
    "opened_at": local(10, 24),
    "due": date(2020, 11, 15),
    "calendar": CALENDAR,
    "zone": ZONE,
}
WEEK = RungTime("week", local(11, 8), "town_clerk", "dossier_reminder")
EVE = RungTime("eve", local(11, 13), "town_clerk", "dossier_reminder")
LATE = RungTime("late", local(11, 16), "deputy_head", "dossier_late")


def test_rungs_fire_at_nine_and_on_the_friday_before_a_sunday() -> None:
    assert rungs_due(LADDER, **DUTY, now=LATE.at) == (WEEK, EVE, LATE)


def test_rungs_before_the_opening_merge_into_its_message() -> None:
    opened = {**DUTY, "opened_at": local(11, 13)}

    assert rungs_due(LADDER, **opened, now=LATE.at) == (LATE,)


def test_rungs_due_repeat_the_last_one() -> None:
    again = replace(LATE, key="late#2", at=local(11, 18))
    third = replace(LATE, key="late#3", at=local(11, 20))

    assert rungs_due(LADDER, **DUTY, now=local(11, 8, 8, 59)) == ()
    assert rungs_due(LADDER, **DUTY, now=local(11, 20)) == (WEEK, EVE, LATE, again, third)


def test_rungs_of_a_duty_opened_after_its_due_date_begin_with_a_repeat() -> None:
    opened = {**DUTY, "opened_at": local(11, 17)}

    assert next_rung(LADDER, **opened, after=local(11, 1)) == local(11, 18)
    assert [rung.key for rung in rungs_due(LADDER, **opened, now=local(11, 18))] == ["late#2"]


def test_next_rung_is_strictly_later() -> None:
    assert next_rung(LADDER, **DUTY, after=local(11, 8)) == local(11, 13)
    assert next_rung(LADDER, **DUTY, after=local(11, 16)) == local(11, 18)


def test_rung_on_a_last_workday_not_yet_published_keeps_its_date() -> None:
    beyond = {**DUTY, "due": date(2021, 2, 7)}

    assert next_rung(LADDER, **beyond, after=local(12, 31)) == datetime(2021, 1, 31, 9, tzinfo=ZONE)
    due = datetime(2021, 2, 7, 9, tzinfo=ZONE)
    assert rungs_due(LADDER, **beyond, now=due)[1].at == due


def test_ladder_without_a_pace_repeats_daily() -> None:
    restless = replace(LADDER, repeat_days=0)

    assert next_rung(restless, **DUTY, after=local(11, 16)) == local(11, 17)


instants = some.integers(0, 120 * 24).map(lambda hours: local(10, 1, 0) + timedelta(hours=hours))


@given(instants, instants)
def test_next_rung_is_the_first_that_is_due_after(opened: datetime, after: datetime) -> None:
    duty = {**DUTY, "opened_at": opened}

    at = next_rung(LADDER, **duty, after=after)

    fired = rungs_due(LADDER, **duty, now=at)
    assert fired[-1].at == at > max(opened, after)
    assert rungs_due(LADDER, **duty, now=at - timedelta(seconds=1)) == tuple(r for r in fired if r.at < at)
    assert len({rung.key for rung in fired}) == len(fired)


OFFICE = replace(LADDER, workdays_only=True, most_repeats=2, repeat_days=1)


def days(ladder: Ladder, due: date) -> list[date]:
    """When everything has fired that ever will, or a month has passed."""
    rungs = rungs_due(ladder, **{**DUTY, "due": due}, now=local(12, 31))
    return [rung.at.date() for rung in rungs]


def test_rungs_on_rest_days_move_before_the_due_date_or_after_it_and_the_last_one_ends() -> None:
    # 15 November 2020 is a Sunday: a week before it too, and later ones count working days.
    assert days(OFFICE, date(2020, 11, 15)) == [
        date(2020, 11, 6), date(2020, 11, 13), date(2020, 11, 16), date(2020, 11, 17), date(2020, 11, 18)
    ]  # fmt: skip
    assert days(OFFICE, date(2020, 11, 13)) == [
        date(2020, 11, 6), date(2020, 11, 13), date(2020, 11, 16), date(2020, 11, 17), date(2020, 11, 18)
    ]  # fmt: skip


def test_repeats_count_working_days_alone() -> None:
    slow = replace(OFFICE, repeat_days=2, most_repeats=3)

    assert days(slow, date(2020, 11, 17))[2:] == [
        date(2020, 11, 18), date(2020, 11, 20), date(2020, 11, 24), date(2020, 11, 26)
    ]  # fmt: skip


def test_nothing_follows_the_last_repeat() -> None:
    duty = {**DUTY, "due": date(2020, 11, 15)}

    assert next_rung(OFFICE, **duty, after=local(11, 17, 10)) == local(11, 18)
    assert next_rung(OFFICE, **duty, after=local(11, 18)) is None


def test_beyond_the_calendar_a_week_has_five_days() -> None:
    duty = {**DUTY, "due": date(2021, 2, 5)}

    at = next_rung(OFFICE, **duty, after=datetime(2021, 2, 5, 12, tzinfo=ZONE))

    assert at == datetime(2021, 2, 8, 9, tzinfo=ZONE)


@given(due=some.dates(date(2020, 10, 1), date(2021, 1, 20)), pace=some.integers(1, 5))
def test_nobody_is_reminded_on_a_rest_day(due: date, pace: int) -> None:
    ladder = replace(OFFICE, repeat_days=pace, most_repeats=6)

    fired = rungs_due(ladder, **{**DUTY, "due": due, "opened_at": local(9, 1)}, now=local(12, 31))

    assert [rung for rung in fired if CALENDAR.is_workday(rung.at.date()) is False] == []
