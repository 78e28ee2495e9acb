"""Amounts in the signs of a payment list."""

from __future__ import annotations

import pytest

from rules.lists.capital import capital


@pytest.mark.parametrize(
    ("yuan", "expected"),
    [
        (0, "零元整"),
        (5, "伍元整"),
        (10, "壹拾元整"),
        (105, "壹佰零伍元整"),
        (1500, "壹仟伍佰元整"),
        (10000, "壹万元整"),
        (10500, "壹万零伍佰元整"),
        (250000, "贰拾伍万元整"),
        (305000, "叁拾万零伍仟元整"),
        (100000005, "壹亿零伍元整"),
        (1002003, "壹佰万零贰仟零叁元整"),
        (-4000, "负肆仟元整"),
    ],
)
def test_amount_is_written_out(yuan: int, expected: str) -> None:
    assert capital(yuan) == expected
