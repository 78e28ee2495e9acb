"""Nobody is missing, and who is overdue is counted by town and group."""

from __future__ import annotations

from datetime import date

from rules.year.missing import Kept, in_two_rosters, overdue, unknown_to_rosters, without_state
from rules.year.plan import Group, Interval
from rules.year.roster import LivingPerson

HARDSHIP = Group("hardship", "就业困难人员", Interval(months=1), (("hardship", ("是",)),))
EVERYBODY = Group("others", "其他劳动力", Interval(months=6))


def kept(village: str, mark: str, **values: str) -> Kept:
    return Kept(village, mark, LivingPerson(f"{village}-{mark}", values), date(2026, 1, 10))


ANNA, BERT, AGAIN = kept("v1", "a", hardship="是", state="就业"), kept("v1", "b"), kept("v2", "a")


def test_people_unknown_to_rosters_are_told_once() -> None:
    assert unknown_to_rosters(["c", "a", "c"], [ANNA, BERT]) == ["c"]


def test_people_in_two_rosters_are_told_with_both_villages() -> None:
    assert in_two_rosters([AGAIN, ANNA, BERT]) == {"a": ("v1", "v2")}


def test_people_of_working_age_without_state_are_told() -> None:
    assert without_state([ANNA, BERT, kept("v2", "old")], column="state", of_working_age={"a", "b"}) == [BERT]


def test_overdue_people_are_counted_from_the_day_after_their_interval() -> None:
    towns, everyone, groups = {"v1": "t1", "v2": "t2"}, [ANNA, BERT, AGAIN], (HARDSHIP, EVERYBODY)

    counts = [
        overdue(everyone, groups, towns, today=day)
        for day in (date(2026, 2, 10), date(2026, 2, 11), date(2026, 7, 11))
    ]

    late = {("t1", "hardship"): 1, ("t1", "others"): 2, ("t2", "others"): 1}
    assert counts == [{}, {("t1", "hardship"): 1}, late]
