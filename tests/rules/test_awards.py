"""Paid once, at the highest level."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.awards import POLICIES, Paid, highest, paid_so_far, payable
from tests.rules.samples import CAMPAIGN

LEDGER = (
    Paid("331181101201", 2019, "county", 10000),
    Paid("331181101201", 2020, "city", 5000),
    Paid("331181101209", 2018, "county", 10000),
)


@pytest.mark.parametrize(
    ("policy", "paid", "expected"),
    [
        ("difference", 10000, 10000),
        ("difference", 30000, 0),
        ("once", 0, 20000),
        ("once", 10000, 0),
        ("wait", 0, 20000),
        ("wait", 20000, 0),
    ],
)
def test_payable_follows_the_policy(policy: str, paid: int, expected: int) -> None:
    assert payable(policy, 20000, paid) == expected


def test_payable_under_wait_is_nothing_before_all_results() -> None:
    assert payable("wait", 20000, 0, results_final=False) == 0


def test_paid_so_far_counts_merged_villages_and_the_years_asked_for() -> None:
    assert paid_so_far(LEDGER, "331181101201") == 15000
    assert paid_so_far(LEDGER, "331181101201", predecessors=frozenset({"331181101209"})) == 25000
    assert paid_so_far(LEDGER, "331181101201", since=2020) == 5000


def test_highest_of_the_levels_is_the_best_paid() -> None:
    assert highest(CAMPAIGN.awards) == CAMPAIGN.award("province")
    assert highest(()) is None


@given(some.sampled_from(sorted(POLICIES)), some.lists(some.sampled_from([10000, 15000, 20000])))
def test_village_is_never_paid_more_than_its_highest_level(policy: str, levels: list[int]) -> None:
    paid = 0
    for level in levels:
        paid += payable(policy, level, paid)

    assert paid <= max(levels, default=0)
