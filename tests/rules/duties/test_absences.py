"""Who may be away when, and who may stand in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from rules.campaign.campaign import Person
from rules.duties.absences import (
    Absence,
    is_colleague,
    refuse_absence,
    refuse_stranger,
    stays_with_the_absent,
)
from tests.rules.samples import ZONE, local


def november(day: int) -> date:
    return date(2020, 11, day)


WANTED = Absence("a", "b", november(17), november(20))
EARLIER = replace(WANTED, first=november(1), last=november(16))


def person(person_id: str, *roles: str, town: str = "", deputy: str = "") -> Person:
    return Person(person_id, "", "", roles, town_code=town, deputy=deputy)


@pytest.mark.parametrize(
    ("wanted", "known", "today", "code"),
    [
        (WANTED, [], november(10), None),
        (WANTED, [], november(20), None),
        (WANTED, [EARLIER, replace(EARLIER, person_id="b")], november(10), None),
        (WANTED, [replace(EARLIER, first=november(21), last=november(30))], november(10), None),
        (replace(WANTED, last=november(16)), [], november(10), "days_reversed"),
        (WANTED, [], november(21), "days_over"),
        (replace(WANTED, last=WANTED.last.replace(year=2072)), [], november(10), "far_year"),
        (replace(WANTED, first=WANTED.first.replace(year=1)), [], november(10), "far_year"),
        (replace(WANTED, deputy=""), [], november(10), "no_stand_in"),
        (replace(WANTED, deputy="a"), [], november(10), "stand_in_self"),
        (WANTED, [EARLIER, replace(EARLIER, last=november(17))], november(10), "away_already"),
        (
            WANTED,
            [replace(WANTED, person_id="b", deputy="c", first=november(20))],
            november(10),
            "stand_in_away",
        ),
    ],
)
def test_absence_is_refused_for_days_and_people_that_do_not_fit(
    wanted: Absence, known: list[Absence], today: date, code: str | None
) -> None:
    refused = refuse_absence(wanted, known, today=today)

    assert (refused.code if refused else None) == code


def test_both_days_belong_to_the_absence_and_it_begins_with_the_first() -> None:
    covered = [day for day in range(15, 24) if WANTED.covers(november(day))]

    assert covered == [17, 18, 19, 20]
    assert WANTED.begins_at(ZONE) == datetime(2020, 11, 17, tzinfo=ZONE)


CLERK = person("a", "town_clerk", town="1", deputy="d")
REVIEWER = person("a", "reviewer", town="1")


@pytest.mark.parametrize(
    ("absent", "other", "fits"),
    [
        (CLERK, person("b", "deputy_head", town="1"), True),
        (CLERK, person("b", "deputy_head", town="2"), False),
        (CLERK, person("b", "reviewer", town="1"), False),
        (CLERK, person("b", "coordinator"), False),
        (REVIEWER, person("b", "reviewer", "coordinator"), True),
        (REVIEWER, person("b", "coordinator"), False),
        (REVIEWER, person("b", "town_clerk", town="1"), False),
        (person("a", "reviewer", "finance"), person("b", "reviewer"), False),
    ],
)
def test_colleague_may_do_all_that_the_absent_may(absent: Person, other: Person, fits: bool) -> None:
    assert is_colleague(absent, other) is fits


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (person("d", "auditor"), None),
        (person("b", "town_clerk", town="1"), None),
        (person("b", "auditor"), "no_colleague"),
    ],
)
def test_one_names_for_oneself_only_the_deputy_or_a_colleague(other: Person, code: str | None) -> None:
    refused = refuse_stranger(CLERK, other)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("given_at", "stays"),
    [(None, False), (local(11, 16), False), (local(11, 17), True), (local(11, 18), True)],
)
def test_duty_given_during_the_absence_stays(given_at: datetime | None, stays: bool) -> None:
    assert stays_with_the_absent(given_at=given_at, since=local(11, 17)) is stays
