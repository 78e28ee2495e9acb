"""Different people in different seats."""

from __future__ import annotations

import pytest

from rules.review.seats import seat_all


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([], ()),
        ([["a", "b"], ["a", "b"]], ("a", "b")),
        ([["a", "b"], ["a"]], ("b", "a")),
        ([["a", "b"], ["c", "d"]], ("a", "c")),
        ([["a"], ["a", "b"], ["b", "c"]], ("a", "b", "c")),
        ([["a"], ["a"]], None),
        ([["a", "b"], []], None),
        ([["a", "b"], ["a", "b"], ["a", "b"]], None),
    ],
)
def test_seats_are_all_taken_by_different_people_or_not_at_all(
    candidates: list[list[str]], expected: tuple[str, ...] | None
) -> None:
    assert seat_all(candidates) == expected
