"""How often somebody is asked, and who is in a group."""

from __future__ import annotations

from datetime import date

import pytest

from rules.year.plan import Group, Interval


@pytest.mark.parametrize(
    ("interval", "day", "end"),
    [
        (Interval(months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Interval(months=1), date(2026, 12, 5), date(2027, 1, 5)),
        (Interval(months=6), date(2026, 8, 31), date(2027, 2, 28)),
        (Interval(days=30), date(2026, 1, 31), date(2026, 3, 2)),
    ],
)
def test_interval_ends_in_the_month_it_names(interval: Interval, day: date, end: date) -> None:
    assert interval.after(day) == end


@pytest.mark.parametrize(
    ("groups", "held"), [("就业困难", True), ("登记失业、就业困难", True), ("就业困难户", False), ("", False)]
)
def test_group_holds_whoever_has_one_of_its_values(groups: str, held: bool) -> None:
    hardship = Group("hardship", "就业困难人员", Interval(months=1), (("groups", ("就业困难", "残疾人")),))

    assert hardship.holds({"groups": groups}) is held
