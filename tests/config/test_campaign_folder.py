"""Reading a campaign folder: the one that ships, and broken copies of it."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from config.checks.ladders import DUTY_KINDS
from config.mistakes import CampaignMistakes
from config.reading import campaign_folder, read_campaign
from rules.campaign import Campaign
from rules.scoring import score

CAMPAIGN = "longquan-2020"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return read_campaign(campaign_folder(CAMPAIGN))


def broken(tmp_path: Path, *changes: tuple[str, str, str]) -> list[tuple[str, str]]:
    """File and key of every mistake after replacing texts in a copy of the folder."""
    folder = tmp_path / "campaign"
    shutil.copytree(campaign_folder(CAMPAIGN), folder)
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CampaignMistakes) as caught:
        read_campaign(folder)
    return [(mistake.file, mistake.key) for mistake in caught.value.mistakes]


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
    ("file", "old", "new", "key"),
    [
        ("campaign.yaml", "quota_upward: 8", "quota: 8", "quota"),
        ("campaign.yaml", "due: 2020-11-15", "due: 2020-13-15", "stages[1].due"),
        ("campaign.yaml", "due: 2020-11-15", "due: 2020-10-20", "stages[1].due"),
        ("campaign.yaml", "opens: 2020-10-24", "opens: 2020-10-23", "stages[1].opens"),
        ("campaign.yaml", "time_zone: Asia/Shanghai", "time_zone: Mars/Olympus", "time_zone"),
        ("campaign.yaml", "award_policy: difference", "award_policy: twice", "award_policy"),
        ("campaign.yaml", "id: longquan-2020", "id: a\nid: b", ""),
        ("indicators.yaml", 'full_at: "0.96"', "full_at: 0.96", "indicators[0].full_at"),
        ("indicators.yaml", 'full_at: "0.96"', 'full_at: "3/0"', "indicators[0].full_at"),
        ("indicators.yaml", 'maximum: "14"', 'maximum: "13"', "parts.A"),
        ("indicators.yaml", '[机构到位, "1"]', '[机构到位, "2"]', "indicators[10](B1.1).maximum"),
        ("indicators.yaml", "kind: per_unit", "kind: guess", "indicators[13](B2.1).kind"),
        ("indicators.yaml", "numerator: insured", "numerator: sure", "indicators[5](A2.2)"),
        ("forms.yaml", "count: listed", "count: unlisted", "survey[4].count"),
        ("forms.yaml", "{status: [已就业]}", "{status: [在职]}", "roster[11].needed_when.status"),
        ("forms.yaml", "need: required, width: 8", "need: wanted, width: 8", "roster[1].need"),
        ("gates.yaml", "role: finance", "role: treasurer", "gates[4].seats.role"),
        ("gates.yaml", "ladder: bureau", "ladder: steps", "gates[0].ladder"),
        ("gates.yaml", "quorum: 2", "quorum: 3", "gates[4].quorum"),
        ("ladders.yaml", "survey: town", "survey: village", "duty_ladders.survey"),
        ("ladders.yaml", "days: -7", "days: 7", "ladders[0].rungs"),
        ("towns.csv", "331181103,查田镇", "331181100,查田镇", "code"),
        ("towns.csv", "331181103,查田镇", "33118110,查田镇", "第3行.code"),
        ("villages.csv", "小查田村,331181103", "小查田村,331181999", "第5行.town_code"),
        ("ledger.csv", "331181001001,", "3.31181E+11,", "第2行.village_code"),
        ("ledger.csv", ",2019,", ",2020,", "第2行.year"),
        ("ledger.csv", ",county,", ",town,", "第2行.level"),
        ("ledger.csv", ",10000,", ",0,", "第2行.yuan"),
        ("ledger.csv", ",10000,", ",一万,", "第2行.yuan"),
        ("people.csv", "town_clerk,331181100", "clerk,331181100", "第2行.roles"),
        ("people.csv", "town_clerk,331181100", "town_clerk,331181201", "第2行.town_code"),
    ],
)
def test_folder_with_a_wrong_value_names_file_and_key(
    tmp_path: Path, file: str, old: str, new: str, key: str
) -> None:
    assert (file, key) in broken(tmp_path, (file, old, new))


def test_folder_with_several_mistakes_tells_all_at_once(tmp_path: Path) -> None:
    mistakes = broken(
        tmp_path,
        ("campaign.yaml", "year: 2020", "year: twenty"),
        ("gates.yaml", "quorum: 2", "quorum: 3"),
        ("indicators.yaml", "vetoes:", "veto:"),
    )

    assert mistakes == [
        ("campaign.yaml", "year"),
        ("indicators.yaml", "veto"),
        ("indicators.yaml", "vetoes"),
        ("gates.yaml", "gates[4].quorum"),
    ]


def test_folder_without_a_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(CampaignMistakes) as caught:
        read_campaign(tmp_path)

    assert len(caught.value.mistakes) == 9
    assert "towns.csv" in str(caught.value)
