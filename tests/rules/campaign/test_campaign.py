"""Looking things up in a campaign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.rules.samples import CAMPAIGN, LADDER, RECOGNITION, STAGES, local


def test_campaign_finds_its_parts_by_name() -> None:
    assert CAMPAIGN.gate("recognition") == RECOGNITION
    assert CAMPAIGN.ladder("dossier") == LADDER
    assert CAMPAIGN.stage("submission") == STAGES[1]
    assert CAMPAIGN.town("331181102").name == "邻镇"
    assert CAMPAIGN.village("331181101201").name == "第一村"
    assert CAMPAIGN.award("city").yuan == 15000


def test_campaign_recommends_to_its_second_level_or_to_the_only_one() -> None:
    assert CAMPAIGN.level_above == CAMPAIGN.award("city")
    assert replace(CAMPAIGN, awards=CAMPAIGN.awards[:1]).level_above == CAMPAIGN.award("county")


def test_campaign_days_open_at_nine_and_end_with_their_last_second() -> None:
    assert CAMPAIGN.start_of(date(2020, 10, 24)) == local(10, 24)
    assert CAMPAIGN.end_of(date(2020, 11, 15)) == local(11, 15, 23, 59, 59)


def test_town_without_a_travel_group_is_one_by_itself() -> None:
    one, two = CAMPAIGN.towns
    campaign = replace(CAMPAIGN, towns=(replace(one, travel_group="东线"), two))

    assert [campaign.group_of(town.code) for town in campaign.towns] == ["东线", two.code]


def test_village_is_called_by_its_level_and_the_honour_or_by_the_level_alone() -> None:
    county, city = (CAMPAIGN.award(level).title for level in ("county", "city"))
    plain = replace(CAMPAIGN, honour="无")

    assert CAMPAIGN.first_honour == f"{county}高质量就业社区(村)"
    assert (plain.first_honour, f"{city}{plain.called}") == (county, city)
