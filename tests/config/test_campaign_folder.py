"""Reading a campaign folder: the one that ships, and broken copies of it."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from config.campaign_folder import CAMPAIGNS, YEAR, campaign_folder, read_campaign, read_folder
from config.checks.ladders import DUTY_KINDS
from config.frozen import freeze, thaw_year
from config.mistakes import CampaignMistakes
from config.yaml_csv import QuickLoader, StrictLoader, load_yaml
from rules.campaign.campaign import Campaign
from rules.campaign.scoring import score
from rules.year.opened import opened_with

CAMPAIGN = "longquan-2020"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return read_campaign(campaign_folder(CAMPAIGN))


def test_campaign_as_shipped_holds_the_figures_of_the_notice(campaign: Campaign) -> None:
    assert (len(campaign.towns), len(campaign.villages), campaign.recognised_at_least) == (19, 48, 25)
    assert [award.yuan for award in campaign.awards] == [10000, 15000, 20000]
    assert [stage.due for stage in campaign.stages[:4]] == [
        date(2020, 10, 23),
        date(2020, 11, 15),
        date(2020, 11, 25),
        date(2020, 11, 30),
    ]


def test_sources_as_shipped_quote_the_notice(campaign: Campaign) -> None:
    days = ("10月23日前", "11月15日前", "11月25日前", "11月30日前")

    assert all(day in stage.source for day, stage in zip(days, campaign.stages, strict=False))


def test_scheme_as_shipped_can_be_scored_and_sums_to_a_hundred(campaign: Campaign) -> None:
    assert score(campaign.scheme, {}).total > 0
    assert sum(one.maximum for one in campaign.scheme.indicators) == 100
    assert campaign.scheme.indicators[0].full_at == Fraction(24, 25)
    assert "自拟示例" in campaign.scheme.mark


def test_villages_as_shipped_are_as_many_as_take_part(campaign: Campaign) -> None:
    there = Counter(village.town_code for village in campaign.villages)

    assert there == {town.code: town.taking_part for town in campaign.towns}


def test_people_as_shipped_live_at_example_invalid(campaign: Campaign) -> None:
    assert all(person.email.endswith("@example.invalid") for person in campaign.people)
    assert dict(campaign.duty_ladders).keys() == set(DUTY_KINDS)


def test_folder_of_an_unknown_campaign_names_those_there() -> None:
    with pytest.raises(CampaignMistakes, match=CAMPAIGN):
        campaign_folder("elsewhere-1999")


@pytest.mark.parametrize(
    "file", sorted(CAMPAIGNS.rglob("*.yaml")), ids=lambda file: file.parent.name + file.name
)
def test_page_read_quickly_holds_what_the_strict_loader_reads(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert yaml.load(text, Loader=QuickLoader) == yaml.load(text, Loader=StrictLoader)


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML was built without libyaml")
@pytest.mark.parametrize("page", ["a: 1\na: 2\n", "a: [1\n", "a:\n\t- 1\n"])
def test_page_that_cannot_be_read_is_told_as_the_strict_loader_tells_it(page: str) -> None:
    with pytest.raises(yaml.YAMLError) as quickly:
        load_yaml(page)
    with pytest.raises(yaml.YAMLError) as strictly:
        yaml.load(page, Loader=StrictLoader)

    assert str(quickly.value) == str(strictly.value)


def test_plan_of_the_year_is_read_beside_the_campaign_and_survives_freezing() -> None:
    reading = read_folder(campaign_folder("longquan-2020"))
    plan = reading.year_plan

    assert plan is not None
    assert reading.campaign is not None
    assert [(one.title, one.interval.months) for one in plan.groups] == [
        ("就业困难人员", 1),
        ("登记失业人员", 1),
        ("高校毕业生", 3),
        ("其他劳动力", 6),
    ]
    assert (len(plan.services), len(plan.policies), plan.mark[:4]) == (14, 4, "自拟示例")
    year = opened_with(reading.campaign, plan)
    assert thaw_year(freeze(year)) == year


def test_folder_without_a_plan_of_the_year_has_none(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(campaign_folder("longquan-2020"), tmp_path / "longquan-2020"))
    (folder / YEAR).unlink()

    reading = read_folder(folder)

    assert (reading.mistakes, reading.year_plan) == ((), None)
