"""The plan of visits: who goes where and when, what it costs, and when a new one is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from rules.campaign.calendar import Calendar
from rules.refusals import Refused
from rules.review.visit_plan import (
    AWAY,
    BACK,
    FLIP,
    GONE,
    LATE,
    MISSED,
    MOVED,
    NEW,
    OTHER,
    READY,
    REVIEWED,
    ROOM,
    SAMPLE,
    SEEN,
    TRIP,
    UNPLACED,
    UNREADY,
    Candidate,
    Change,
    Plan,
    Situation,
    Stop,
    Visitor,
    changes,
    cost_of,
    crewed,
    in_words,
    laid_out,
    next_workday,
    troubles,
    visiting_days,
)

CALENDAR = Calendar(frozenset(), frozenset(), date(2020, 12, 31))
MONDAY, TUESDAY, WEDNESDAY = (date(2020, 11, day) for day in (16, 17, 18))
DAYS = (MONDAY, TUESDAY, WEDNESDAY)
CREW = tuple(Visitor(name) for name in "abcd")


def village(code: str, why: str = OTHER, **said: object) -> Candidate:
    usual: dict[str, object] = {"town": code[0], "group": code[0], "earliest": MONDAY}
    return Candidate(code, why=why, **{**usual, **said})  # type: ignore[arg-type]


def situation(*candidates: Candidate, **said: object) -> Situation:
    usual: dict[str, object] = {
        "days": DAYS, "safe": TUESDAY, "limit": WEDNESDAY,
        "present": dict.fromkeys(DAYS, CREW), "teams": 1, "per_day": 2,
    }  # fmt: skip
    return Situation(candidates=candidates, **{**usual, **said})  # type: ignore[arg-type]


def planned(found: Situation) -> dict[str, date]:
    return {stop.code: stop.day for stop in crewed(found, laid_out(found)).stops}


def test_visiting_days_are_working_days_from_today_to_the_limit_and_a_few_to_spare() -> None:
    days = visiting_days(CALENDAR, opens=MONDAY, limit=date(2020, 11, 20), today=date(2020, 11, 14), spare=1)
    late = visiting_days(CALENDAR, opens=MONDAY, limit=MONDAY, today=date(2020, 11, 28), spare=1)
    never = visiting_days(CALENDAR, opens=MONDAY, limit=MONDAY, today=date(2020, 12, 31), spare=1)

    assert days == tuple(date(2020, 11, day) for day in (16, 17, 18, 19, 20, 23))
    assert late == (date(2020, 11, 30),)
    assert isinstance(never, Refused)


def test_villages_that_matter_most_are_seen_first_and_a_car_stays_in_its_group() -> None:
    found = situation(village("x1"), village("x2"), village("y1", SAMPLE), village("z1", FLIP), village("z2"))

    assert planned(found) == {"z1": MONDAY, "z2": MONDAY, "y1": TUESDAY, "x1": WEDNESDAY, "x2": WEDNESDAY}


def test_village_waits_for_its_first_day_and_stays_where_it_was_planned() -> None:
    found = situation(
        village("x1", FLIP, earliest=TUESDAY),
        village("y1", before=WEDNESDAY, crew_before=("c", "d")),
        village("y2", before=WEDNESDAY, crew_before=("c", "d")),
    )

    plan = crewed(found, laid_out(found))

    assert {stop.code: (stop.day, stop.crew) for stop in plan.stops} == {
        "x1": (TUESDAY, ("a", "b")),
        "y1": (WEDNESDAY, ("c", "d")),
        "y2": (WEDNESDAY, ("c", "d")),
    }


def test_nobody_goes_where_they_have_a_conflict_and_work_is_spread() -> None:
    crew = (Visitor("a", frozenset("x")), Visitor("b"), Visitor("c"))
    found = situation(village("x1", FLIP), village("y1"), village("z1"), present=dict.fromkeys(DAYS, crew))

    plan = crewed(found, laid_out(found))

    assert {stop.code: set(stop.crew) for stop in plan.stops} == {
        "x1": {"b", "c"},
        "y1": {"a", "b"},
        "z1": {"a", "c"},
    }


def test_car_goes_to_one_town_where_no_crew_may_go_to_both_and_the_rest_finds_no_place() -> None:
    crew = (Visitor("a"), Visitor("b", frozenset("y")))
    one, two, three = (village(code, group="g") for code in ("x1", "x2", "y1"))
    found = situation(one, two, three, present={MONDAY: crew}, days=(MONDAY,), per_day=3)
    nobody = situation(three, present={MONDAY: crew}, days=(MONDAY,))

    plan = crewed(found, laid_out(found))

    assert ({stop.code for stop in plan.stops}, plan.unplaced) == ({"x1", "x2"}, ("y1",))
    assert crewed(nobody, laid_out(nobody)) == Plan((), ("y1",))


def test_plan_costs_waiting_cars_moves_late_days_and_villages_without_a_place() -> None:
    candidates = (village("x1", FLIP), village("x2", before=MONDAY), village("y1", SAMPLE))
    stops = (Stop("x1", TUESDAY, 1, 1, ("a", "b")), Stop("x2", WEDNESDAY, 1, 1, ("a", "b")))
    known = situation(*candidates)

    cost = cost_of(known, Plan(stops, ("y1",)))

    assert cost == 6 + (2 + LATE + MOVED) + 2 * TRIP + 4 * UNPLACED
    assert cost_of(replace(known, limit=TUESDAY), Plan(stops, ("y1",))) == cost + LATE


FIT = {(day, code): frozenset("abcd") for day in DAYS for code in ("x1", "x2", "x3", "x4", "x5", "x6")}


def test_places_that_do_not_hold_are_told_with_their_reason() -> None:
    crew = ("a", "b")
    stops = {
        "x1": Stop("x1", MONDAY, 1, 1, crew),
        "x2": Stop("x2", TUESDAY, 1, 1, crew),
        "x3": Stop("x3", WEDNESDAY, 1, 1, ("a", "e")),
        "x4": Stop("x4", WEDNESDAY, 1, 2, crew),
        "x6": Stop("x6", MONDAY, 1, 2, crew),
    }
    standing = {"x1": READY, "x2": REVIEWED, "x3": READY, "x4": REVIEWED, "x5": READY, "x6": BACK}

    found = troubles(stops, standing, FIT, today=TUESDAY)

    assert found == {"x1": MISSED, "x2": UNREADY, "x3": AWAY, "x5": NEW}


def test_changes_name_what_came_moved_and_went_and_why() -> None:
    crew, other = ("a", "b"), ("c", "d")
    before = {code: Stop(code, MONDAY, 1, 1, crew) for code in ("x1", "x2", "x3", "x4", "x5", "x6")}
    after = {
        "x1": Stop("x1", MONDAY, 2, 3, ("b", "a")),
        "x2": Stop("x2", TUESDAY, 1, 1, crew),
        "x3": Stop("x3", MONDAY, 1, 1, other),
        "y1": Stop("y1", WEDNESDAY, 1, 1, crew),
    }
    standing = {"x1": READY, "x2": READY, "x3": READY, "x4": BACK, "x5": SEEN, "y1": READY}

    found = changes(before, after, standing, {"x3": AWAY, "y1": NEW})

    assert [(one.code, one.why) for one in found] == [
        ("x2", ROOM), ("x3", AWAY), ("x4", BACK), ("x6", GONE), ("y1", NEW),
    ]  # fmt: skip


def test_change_in_words_names_days_people_and_why() -> None:
    old, new = Stop("x1", MONDAY, 1, 1, ("a", "b")), Stop("x1", TUESDAY, 1, 1, ("a", "z"))
    names = {"a": "甲", "b": "乙"}

    said = [in_words(Change("x1", *stops, why), "一村", names) for *stops, why in [
        (old, new, AWAY), (None, new, NEW), (old, None, BACK),
    ]]  # fmt: skip

    assert said == [
        "一村：由11月16日甲、乙改为11月17日甲、z(核查人员当日外出、停用或须回避)。",
        "一村：新安排在11月17日甲、z(材料新受理或补正后重新上报，列入计划)。",
        "一村：原定11月16日甲、乙，取消(材料退回补正，暂不核查)。",
    ]


def test_next_workday_skips_the_weekend_and_goes_on_where_the_calendar_ends() -> None:
    assert next_workday(CALENDAR, date(2020, 11, 20)) == date(2020, 11, 23)
    assert next_workday(CALENDAR, date(2020, 12, 30), n=2) == date(2021, 1, 1)


@given(
    some.lists(
        some.tuples(
            some.sampled_from("wxyz"),
            some.sampled_from((FLIP, SAMPLE, OTHER)),
            some.integers(0, 2),
            some.booleans(),
        ),
        max_size=14,
    ),
    some.integers(1, 3),
    some.integers(1, 3),
    some.lists(some.sampled_from("wxyz"), min_size=5, max_size=5),
)
def test_plan_of_anything_keeps_its_limits(
    drawn: list[tuple[str, str, int, bool]], teams: int, per_day: int, conflicts: list[str]
) -> None:
    candidates = [
        village(
            f"{town}{n}",
            why,
            group="g" if town < "y" else "h",
            earliest=DAYS[first],
            before=DAYS[2] if again else None,
        )
        for n, (town, why, first, again) in enumerate(drawn)
    ]
    crew = tuple(Visitor(f"p{n}", frozenset(town)) for n, town in enumerate(conflicts))
    found = situation(*candidates, teams=teams, per_day=per_day, present=dict.fromkeys(DAYS, crew))

    plan = crewed(found, laid_out(found))

    known = {one.code: one for one in candidates}
    conflict = {one.id: one.conflicts for one in crew}
    assert sorted([*(stop.code for stop in plan.stops), *plan.unplaced]) == sorted(known)
    for stop in plan.stops:
        together = [one for one in plan.stops if (one.day, one.team) == (stop.day, stop.team)]
        same_day = {one.team: one.crew for one in plan.stops if one.day == stop.day}
        people = [person for crew_ in same_day.values() for person in crew_]
        assert stop.day >= known[stop.code].earliest
        assert len(together) <= per_day
        assert len({known[one.code].group for one in together}) == 1
        assert len(same_day) <= teams
        assert len(set(people)) == len(people)
        assert len(set(stop.crew)) == 2
        assert not any(known[stop.code].town in conflict[person] for person in stop.crew)
