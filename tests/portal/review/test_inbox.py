"""The order of an inbox, and what it says of a decision's weight."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from portal.review.inbox import Entry, in_order
from records.tables.duties import DutyRow

ZONE = ZoneInfo("Asia/Shanghai")


def entry(where: str, *, day: int, hour: int = 23, stake: str | None = None) -> Entry:
    return Entry(
        duty=DutyRow(due_at=datetime(2020, 11, day, hour, tzinfo=ZONE)),
        what="材料初审",
        where=where,
        address="/gates/1",
        late=False,
        for_whom="",
        margin=None,
        stake=None if stake is None else Fraction(stake),
    )


def test_inbox_lists_by_due_day_and_within_a_day_by_nearness_to_a_line() -> None:
    entries = [
        entry("far", day=19, hour=9, stake="12"),
        entry("visit", day=19, hour=8),
        entry("later", day=20, stake="0"),
        entry("near", day=19, stake="0.5"),
        entry("on the line", day=19, stake="0"),
    ]

    assert [one.where for one in in_order(entries, ZONE)] == ["on the line", "near", "far", "visit", "later"]


@pytest.mark.parametrize(("stake", "decides"), [(None, False), ("0", True), ("3", True), ("3.01", False)])
def test_decision_weighs_most_within_a_few_points_of_a_line(stake: str | None, decides: bool) -> None:
    assert entry("here", day=19, stake=stake).decides is decides
