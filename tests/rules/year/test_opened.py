"""The year as it was opened: places, kinds, working age."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from rules.campaign.forms import Ages
from rules.year.opened import opened_with
from rules.year.plan import Group, Interval, ServiceKind, YearPlan
from tests.rules.samples import CAMPAIGN

VISIT = ServiceKind("visit", "走访")
PLAN = YearPlan("1", (Group("all", "全体", Interval(months=6)),), (VISIT,), "status")
DAY = date(2026, 1, 5)


def test_year_knows_the_places_kinds_and_columns_of_its_folder() -> None:
    year = opened_with(CAMPAIGN, PLAN)

    village = CAMPAIGN.villages[0]
    assert (year.village(village.code), year.village("0")) == (village, None)
    assert (year.service("visit"), year.service("fair")) == (VISIT, None)
    assert list(year.columns()) == [one.key for one in CAMPAIGN.forms.roster]
    assert year.zone == ZoneInfo(CAMPAIGN.time_zone)


@pytest.mark.parametrize(
    ("number", "is_of_age"),
    [
        ("331199199001010012", True),
        ("331199201501010012", False),
        ("331199195001010012", False),
        ("331199199001010022", False),
        ("331199199013010012", False),
    ],
)
def test_working_age_is_reckoned_from_the_number_by_sex(number: str, is_of_age: bool) -> None:
    forms = replace(CAMPAIGN.forms, ages=(Ages("男", 16, 60),))

    year = replace(opened_with(CAMPAIGN, PLAN), forms=forms)

    assert year.is_of_working_age(number, DAY) is is_of_age
