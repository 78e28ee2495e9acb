"""Who sees whose score sheet: two reviewers never each other's before both are done."""

from __future__ import annotations

import pytest

from rules.review.parties import Eyes, parties_seen

ALL = ("town", "a", "b", "ruling", "final")


@pytest.mark.parametrize(
    ("gate", "open_", "second", "seen"),
    [
        ("desk_review", True, "", ALL),
        ("desk_review", False, "open", ("town", "a")),
        ("desk_review", False, "closed", ALL),
        ("second_review", True, "open", ("town", "b")),
        ("second_review", False, "closed", ALL),
        ("second_review", False, "superseded", ("town", "b")),
        ("reconciliation", True, "closed", ALL),
        ("recognition", True, "open", ALL),
    ],
)
def test_parties_seen_at_a_gate(*, gate: str, open_: bool, second: str, seen: tuple[str, ...]) -> None:
    assert parties_seen(gate, open_=open_, second=second, eyes=Eyes.ASKED) == seen


@pytest.mark.parametrize("gate", ["desk_review", "second_review"])
def test_parties_seen_by_who_oversees_are_all(gate: str) -> None:
    assert parties_seen(gate, open_=True, second="open", eyes=Eyes.OVERSEER) == ALL


@pytest.mark.parametrize(
    ("gate", "open_", "second", "seen"),
    [
        ("desk_review", False, "open", ("town",)),
        ("desk_review", False, "superseded", ("town",)),
        ("second_review", True, "open", ("town",)),
        ("recognition", True, "open", ("town",)),
        ("desk_review", True, "", ("town", "a")),
        ("recognition", True, "closed", ALL),
    ],
)
def test_parties_seen_by_who_must_not_know_are_the_town_s_while_a_second_review_is_open(
    *, gate: str, open_: bool, second: str, seen: tuple[str, ...]
) -> None:
    shown = parties_seen(gate, open_=open_, second=second, eyes=Eyes.BLIND)

    assert set(seen) <= set(shown)
    assert ("a" in shown) is ("a" in seen)
