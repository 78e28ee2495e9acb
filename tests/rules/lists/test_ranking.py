"""The order of villages and the cut."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from rules.lists.ranking import Candidate, Swap, rank, recommend, swaps


def village(code: str, total: int, part_a: int = 40, able: int = 100) -> Candidate:
    return Candidate(code, Fraction(total), Fraction(part_a), able)


def test_ties_go_by_part_a_then_people_then_code() -> None:
    best, by_part, by_people = village("9", 95), village("8", 90, 45), village("7", 90, 40, 200)
    by_code, last = village("1", 90), village("2", 90)

    assert rank([last, by_code, by_people, by_part, best]) == (best, by_part, by_people, by_code, last)


def test_recommendation_takes_only_the_line_and_the_quota() -> None:
    first, second, third, below = village("1", 95), village("2", 92), village("3", 90), village("4", 89)

    assert recommend([below, third, first, second], Fraction(90), 2) == (first, second)
    assert recommend([below, third, first, second], Fraction(90), 9) == (first, second, third)


villages = some.lists(
    some.builds(village, some.text("0123456789", min_size=1), some.integers(80, 100)),
    unique_by=lambda one: one.village_code,
)


@given(villages, some.data())
def test_ranking_does_not_depend_on_the_order_of_arrival(
    candidates: list[Candidate], data: some.DataObject
) -> None:
    shuffled = data.draw(some.permutations(candidates))

    assert rank(shuffled) == rank(candidates)


def test_swaps_say_who_comes_onto_the_list_or_off_it_with_one_point() -> None:
    first, second, third = (
        Candidate("1", Fraction(95), Fraction(45), 300),
        Candidate("2", Fraction(92), Fraction(45), 300),
        Candidate("3", Fraction(183, 2), Fraction(45), 300),
    )

    found = list(swaps([third, first, second], Fraction(90), 2))

    assert found == [
        Swap("2", Fraction(-1), ("3",), ("2",)),
        Swap("3", Fraction(1), ("3",), ("2",)),
    ]


def test_swaps_at_the_line_need_nobody_else() -> None:
    alone = Candidate("1", Fraction(90), Fraction(45), 300)

    assert list(swaps([alone], Fraction(90), 2)) == [Swap("1", Fraction(-1), (), ("1",))]
