"""``hqe town survey``: which villages take part."""

from __future__ import annotations

import pytest

from actions.campaign import survey
from records.campaign.villages import count_villages
from records.store import Store
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.commands.conftest import Run, set_clock

TOWN, VILLAGE = "331181100", "331181100200"


@pytest.fixture
def surveying(opened: Store, campaign: Campaign) -> Store:
    now = local(campaign, 10, 21)
    survey.ask_for_survey(opened, subject=f"{CAMPAIGN_ID}/{TOWN}", now=now)
    set_clock(opened, now)
    return opened


def test_town_survey_names_the_villages_that_take_part(surveying: Store, run: Run) -> None:
    done = run("town", "survey", TOWN, "--village", VILLAGE, "--by", f"clerk-{TOWN}")

    with surveying.reading() as session:
        assert count_villages(session, CAMPAIGN_ID) == {"taking_part": 1, "out": 1, "invited": 1}
    assert (done.exit_code, done.output) == (0, "调查摸底已确认。\n")


def test_town_survey_of_all_villages_and_twice(surveying: Store, run: Run) -> None:
    done = [run("town", "survey", TOWN, "--all", "--by", f"clerk-{TOWN}") for _ in range(2)]

    assert [one.exit_code for one in done] == [0, 2]
    assert "已确认，无需重复提交" in done[1].stderr


def test_town_survey_without_villages_asks_for_them(surveying: Store, run: Run) -> None:
    wrong = run("town", "survey", TOWN, "--by", f"clerk-{TOWN}")

    assert (wrong.exit_code, "--all" in wrong.stderr) == (2, True)
