"""Who sees whose score sheet: two reviewers never each other's before both are done."""

from __future__ import annotations

import pytest

from rules.review.parties import parties_seen

ALL = ("town", "a", "b", "final")


@pytest.mark.parametrize(
    ("gate", "open_", "second", "seen"),
    [
        ("desk_review", True, "", ALL),
        ("desk_review", False, "open", ("town", "a")),
        ("desk_review", False, "closed", ALL),
        ("second_review", True, "open", ("town", "b")),
        ("second_review", False, "closed", ALL),
        ("recognition", True, "open", ALL),
    ],
)
def test_parties_seen_at_a_gate(*, gate: str, open_: bool, second: str, seen: tuple[str, ...]) -> None:
    assert parties_seen(gate, open_=open_, second=second, oversees=False) == seen


@pytest.mark.parametrize("gate", ["desk_review", "second_review"])
def test_parties_seen_by_who_oversees_are_all(gate: str) -> None:
    assert parties_seen(gate, open_=True, second="open", oversees=True) == ALL
