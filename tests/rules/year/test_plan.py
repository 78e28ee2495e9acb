"""How often somebody is asked: the earliest of their groups."""

from __future__ import annotations

from datetime import date

import pytest

from rules.year.plan import Group, Interval, next_due

HARDSHIP = Group("hardship", "就业困难人员", Interval(months=1), (("hardship", ("是",)),))
EVERYBODY = Group("others", "其他劳动力", Interval(months=6))


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
    ("values", "due"),
    [
        ({"hardship": "是"}, date(2026, 2, 10)),
        ({"hardship": "否"}, date(2026, 7, 10)),
        ({}, date(2026, 7, 10)),
    ],
)
def test_next_due_is_the_earliest_of_the_groups(values: dict[str, str], due: date) -> None:
    assert next_due((HARDSHIP, EVERYBODY), values, confirmed=date(2026, 1, 10)) == due


def test_next_due_without_a_group_is_none() -> None:
    assert next_due((HARDSHIP,), {}, confirmed=date(2026, 1, 10)) is None


@pytest.mark.parametrize(
    ("groups", "held"), [("就业困难", True), ("登记失业、就业困难", True), ("就业困难户", False), ("", False)]
)
def test_group_holds_whoever_has_one_of_its_values(groups: str, held: bool) -> None:
    hardship = Group("hardship", "就业困难人员", Interval(months=1), (("groups", ("就业困难", "残疾人")),))

    assert hardship.holds({"groups": groups}) is held
