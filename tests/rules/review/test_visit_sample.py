"""Who is seen first: near an edge, or by a lot that anybody can draw again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.review.visit_sample import commitment, drawn, flips
from tests.rules.samples import CAMPAIGN

SCHEME = replace(
    CAMPAIGN.scheme, pass_line=Fraction(85), recommend_line=Fraction(90), second_review_within=Fraction(1)
)


def test_commitment_fixes_the_seed_without_telling_it() -> None:
    assert commitment("seed") == commitment("seed") != commitment("another")
    assert "seed" not in commitment("seed")


@given(some.sets(some.text(min_size=1), max_size=60), some.integers(5, 100), some.text())
def test_lot_draws_at_least_its_share_of_any_villages(codes: set[str], percent: int, seed: str) -> None:
    called = drawn(seed, codes, percent=percent)

    assert set(called) <= codes
    assert percent * len(codes) <= 100 * len(called) < percent * len(codes) + 100
    assert called == drawn(seed, sorted(codes, reverse=True), percent=percent)


def test_lot_of_another_seed_calls_others() -> None:
    codes = [f"v{n}" for n in range(100)]

    assert len({drawn(f"seed {n}", codes, percent=5) for n in range(20)}) == 20


@pytest.mark.parametrize(
    ("quota", "near"),
    [(9, {"85", "86", "90", "89"}), (2, {"85", "86", "90", "89", "95", "96", "97"})],
)
def test_villages_near_a_line_or_the_edge_of_the_quota_may_flip(quota: int, near: set[str]) -> None:
    totals = {text: Fraction(text) for text in ("80", "85", "86", "88", "89", "90", "92", "95", "96", "97")}

    assert flips(SCHEME, totals, quota=quota) == near
