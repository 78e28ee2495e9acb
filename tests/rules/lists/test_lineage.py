"""Whose payments count as whose after mergers."""

from __future__ import annotations

import pytest

from rules.lists.lineage import kin

MERGED = {"Z": frozenset({"X", "Y"}), "W": frozenset({"Z", "V"})}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("X", {"X", "Z", "W"}),
        ("Z", {"X", "Y", "Z", "W"}),
        ("W", {"V", "W", "X", "Y", "Z"}),
        ("A", {"A"}),
    ],
)
def test_kin_of_a_village_is_what_it_was_and_what_it_became(code: str, expected: set[str]) -> None:
    assert kin([code], MERGED) == expected


def test_kin_by_a_circle_of_codes_ends() -> None:
    assert kin(["A"], {"A": frozenset({"B"}), "B": frozenset({"A"})}) == {"A", "B"}
