"""Plans of visits stay within their time and are never worse than the plain ones."""

from __future__ import annotations

from rehearsal.stress.visit_counties import LARGE, SMALL, measure


def test_plans_of_both_counties_are_quick_and_never_worse_than_the_plain_ones() -> None:
    found = list(measure(seed=1))

    assert [one.villages for one in found] == [SMALL, LARGE]
    assert [one for one in found if not one.holds] == []
