"""Nobody is missing: in two rosters, or without a state."""

from __future__ import annotations

from rules.year.missing import Kept, in_two_rosters, without_state
from rules.year.roster import LivingPerson


def kept(key: str, **values: str) -> Kept:
    return Kept("v1", LivingPerson(key, values))


def test_people_in_two_rosters_are_told_with_both_villages() -> None:
    assert in_two_rosters([("a", "v2"), ("a", "v1"), ("b", "v1")]) == {"a": ("v1", "v2")}


def test_people_of_working_age_without_state_are_told() -> None:
    anna, bert = kept("a", state="就业"), kept("b")

    assert without_state([anna, bert, kept("old")], column="state", of_working_age={"a", "b"}) == [bert]
