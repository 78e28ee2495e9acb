"""Like cases: by what the sheets come to, never by what somebody hopes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rules.review.gates import ANSWERS, OF_A_VILLAGE
from rules.review.likeness import TITLES, TOGETHER, Likeness, apart, likeness

SAME = ({"A1": "10", "A2": "5"}, {"A1": "10", "A2": "10/2"})


@pytest.mark.parametrize(
    ("total", "vetoes", "points", "expected"),
    [
        ("85", [], SAME, Likeness.AGREED),
        ("85", [], (*SAME, {"A1": "9"}), Likeness.CHANGED),
        ("84.99", [], SAME, Likeness.BELOW),
        ("84.99", [], (*SAME, {"A1": "9"}), Likeness.BELOW),
        ("90", ["V1"], SAME, Likeness.VETOED),
        ("10", ["V1"], SAME, Likeness.VETOED),
        ("85", [], (), Likeness.AGREED),
    ],
)
def test_likeness_follows_veto_then_line_then_agreement(
    total: str, vetoes: list[str], points: tuple[dict[str, str], ...], expected: Likeness
) -> None:
    found = likeness(Fraction(total), pass_line=Fraction(85), vetoes=vetoes, points=points)

    assert found is expected


def test_parties_are_apart_only_where_two_of_them_scored_the_same_line_otherwise() -> None:
    assert apart([{"A1": "1", "A2": "2"}, {"A1": "3/3", "A2": "2.5"}, {"A3": "7"}]) == ["A2"]


def test_every_likeness_has_a_title_and_only_gates_of_a_village_are_decided_together() -> None:
    assert list(TITLES) == list(Likeness)
    assert set(TOGETHER) <= set(OF_A_VILLAGE) & set(ANSWERS)
