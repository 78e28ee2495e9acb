"""How long rosters are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rules.dossiers.retention import kept_until, months_after
from tests.rules.samples import CAMPAIGN


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2020, 12, 20), 24, date(2022, 12, 20)),
        (date(2020, 12, 31), 2, date(2021, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2020, 11, 30), 1, date(2020, 12, 30)),
        (date(2020, 11, 30), 13, date(2021, 12, 30)),
    ],
)
def test_months_after_keep_the_day_or_take_the_last(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_rosters_are_kept_to_the_end_of_the_campaigns_own_day() -> None:
    campaign = replace(CAMPAIGN, retention_months=24)
    late_evening = datetime(2020, 12, 20, 17, tzinfo=UTC)

    until = kept_until(campaign, late_evening)

    assert until == campaign.end_of(date(2022, 12, 21))
