"""When a request waits for the day's digest, and when it is told at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from rules.campaign.campaign import Ladder
from rules.duties.digests import digest_moment
from tests.rules.samples import CALENDAR, LADDER, ZONE, local

DAILY = replace(LADDER, digest_at="09:30")
OFFICE = replace(DAILY, workdays_only=True)
FRIDAY_NOON = local(11, 13, 12)


@pytest.mark.parametrize(
    ("ladder", "now", "due", "moment"),
    [
        (LADDER, local(11, 10), local(11, 20), None),
        (DAILY, local(11, 10, 9, 29), local(11, 20), local(11, 10, 9, 30)),
        (DAILY, local(11, 10, 9, 30), local(11, 20), local(11, 11, 9, 30)),
        (DAILY, local(11, 10, 9, 29), local(11, 10, 23), None),
        (DAILY, local(11, 10, 9, 30), local(11, 11, 23), None),
        (DAILY, local(11, 10, 9, 30), local(11, 9, 23), None),
        (DAILY, FRIDAY_NOON, local(11, 20), local(11, 14, 9, 30)),
        (OFFICE, FRIDAY_NOON, local(11, 20), local(11, 16, 9, 30)),
        (OFFICE, FRIDAY_NOON, local(11, 15, 23), None),
        (OFFICE, local(11, 10, 12), local(11, 20), local(11, 11, 9, 30)),
    ],
)
def test_request_waits_for_the_digest_unless_it_is_due_by_then(
    ladder: Ladder, now: datetime, due: datetime, moment: datetime | None
) -> None:
    assert digest_moment(ladder, due_at=due, calendar=CALENDAR, zone=ZONE, now=now) == moment
