"""When the quiet hours end, over night and over noon, one's own and the county's."""

from __future__ import annotations

from datetime import datetime

import pytest

from rules.duties.quiet import OFF, are_hours, quiet_until
from tests.rules.samples import ZONE, local

NIGHT, NOON = "21:00-07:30", "12:00-14:00"


@pytest.mark.parametrize(
    ("own", "usual", "at", "until"),
    [
        ("", "", local(11, 10, 23), None),
        ("", NIGHT, local(11, 10, 20, 59), None),
        ("", NIGHT, local(11, 10, 21), local(11, 11, 7, 30)),
        ("", NIGHT, local(11, 11, 7, 29), local(11, 11, 7, 30)),
        ("", NIGHT, local(11, 11, 7, 30), None),
        (NOON, NIGHT, local(11, 10, 13), local(11, 10, 14)),
        (NOON, NIGHT, local(11, 10, 23), None),
        (NOON, NIGHT, local(11, 10, 14), None),
        (OFF, NIGHT, local(11, 10, 23), None),
    ],
)
def test_quiet_hours_end_the_next_time_their_end_comes(
    own: str, usual: str, at: datetime, until: datetime | None
) -> None:
    assert quiet_until(own, usual, at=at, zone=ZONE) == until


@pytest.mark.parametrize(
    ("text", "said"),
    [(NIGHT, True), ("21:00-21:00", False), ("9-10", False), ("25:00-07:00", False), ("", False)],
)
def test_hours_are_two_moments_of_a_day(text: str, said: bool) -> None:
    assert are_hours(text) is said
