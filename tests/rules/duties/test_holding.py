"""Who may hold a duty or a seat: in their own right, without a conflict, with other eyes."""

from __future__ import annotations

import pytest

from rules.campaign.campaign import ROLES, TOWN_ROLES, Person
from rules.duties.holding import Post, may_stand_in, refuse_post, refuse_unfit
from rules.refusals import Refused

TOWN, OTHER = "331181100", "331181101"


def person(*roles: str, town: str = "", conflicts: tuple[str, ...] = ()) -> Person:
    return Person("a", "测试甲", "", roles, town_code=town, conflicts=conflicts)


SEAT = Post(("reviewer",), TOWN, filed_by=frozenset({"b"}), first_eyes=frozenset({"c"}))


def code(refused: Refused | None) -> str:
    return refused.code if refused else ""


@pytest.mark.parametrize("role", sorted(set(ROLES) - TOWN_ROLES))
def test_post_of_the_bureau_is_only_for_who_has_its_role(role: str) -> None:
    answers = {other: code(refuse_post(person(other, town=OTHER), Post((role,), TOWN))) for other in ROLES}

    assert answers == {other: "" if other == role else "wrong_role" for other in ROLES}


@pytest.mark.parametrize(
    ("held", "post", "expected"),
    [
        (person("reviewer"), SEAT, ""),
        (person("reviewer", town=TOWN), SEAT, "own_town"),
        (person("reviewer", conflicts=(TOWN,)), SEAT, "own_town"),
        (person("reviewer"), Post(("reviewer",), TOWN, filed_by=frozenset({"a"})), "own_filing"),
        (person("reviewer"), Post(("reviewer",), TOWN, first_eyes=frozenset({"a"})), "same_eyes"),
        (person("reviewer", conflicts=(TOWN,)), Post(("reviewer",)), ""),
        (person("town_clerk", town=TOWN), Post(("town_clerk",), TOWN), ""),
        (person("deputy_head", town=TOWN), Post(("town_clerk",), TOWN), ""),
        (person("deputy_head", town=OTHER), Post(("town_clerk",), TOWN), "not_your_town"),
        (person("reviewer", town=TOWN), Post(("town_clerk",), TOWN), "not_your_town"),
    ],
)
def test_post_is_refused_for_conflict_filing_eyes_and_town(held: Person, post: Post, expected: str) -> None:
    assert code(refuse_post(held, post)) == expected


@pytest.mark.parametrize(
    ("absent", "other", "fits"),
    [
        (person("reviewer"), person("reviewer"), True),
        (person("reviewer", "finance"), person("finance"), True),
        (person("bureau_leader"), person("coordinator"), False),
        (person("town_clerk", town=TOWN), person("deputy_head", town=TOWN), True),
        (person("town_clerk", town=TOWN), person("town_clerk", town=OTHER), False),
        (person("reviewer", town=TOWN), person("town_clerk", town=TOWN), False),
    ],
)
def test_deputy_has_a_role_of_the_deputised_in_their_own_right(
    absent: Person, other: Person, fits: bool
) -> None:
    assert may_stand_in(absent, other) is fits
    assert code(refuse_unfit(absent, other)) == ("" if fits else "unfit_deputy")
