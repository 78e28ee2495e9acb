"""A campaign limited to a few villages, and its frozen text."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from config.campaign_folder import campaign_folder, read_campaign, restrict
from config.frozen import freeze, thaw
from config.mistakes import CampaignMistakes
from rules.campaign.campaign import Campaign, Paid


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return read_campaign(campaign_folder("longquan-2020"))


def test_campaign_of_three_villages_has_two_towns(campaign: Campaign) -> None:
    small = restrict(campaign, 3)

    assert [(town.name, town.taking_part) for town in small.towns] == [("八都镇", 2), ("查田镇", 1)]
    assert [village.name for village in small.villages] == ["第一村", "第四村", "小查田村"]
    assert (small.taking_part, small.recognised_at_least, small.quota_upward) == (3, 1, 1)
    assert {person.town_code for person in small.people} == {"", "331181100", "331181103"}
    assert all(set(person.conflicts) <= {"331181100", "331181103"} for person in small.people)


def test_campaign_restricted_keeps_the_payments_of_its_villages(campaign: Campaign) -> None:
    village = replace(campaign.villages[0], predecessors=("331181100290",))
    paid = (Paid(village.code, 2018, "county", 1), Paid("331181100290", 2019, "county", 1))
    merged = replace(campaign, villages=(village, *campaign.villages[1:]), ledger=(*paid, *campaign.ledger))

    assert restrict(merged, 3).ledger == paid
    assert restrict(merged, 8).ledger == merged.ledger


@pytest.mark.parametrize(("villages", "towns"), [(1, 1), (2, 1), (10, 5), (37, 19), (40, 19)])
def test_campaign_restricted_spreads_over_towns(campaign: Campaign, villages: int, towns: int) -> None:
    small = restrict(campaign, villages)

    assert (len(small.villages), len(small.towns)) == (villages, towns)
    assert sum(town.taking_part for town in small.towns) == villages


def test_campaign_restricted_to_all_or_more_is_unchanged(campaign: Campaign) -> None:
    assert restrict(campaign, 48) == restrict(campaign, 100) == campaign


def test_campaign_of_no_village_is_refused(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="at least one"):
        restrict(campaign, 0)


def test_campaign_frozen_and_thawed_is_the_same(campaign: Campaign) -> None:
    text = freeze(campaign)

    assert thaw(text) == campaign
    assert freeze(thaw(text)) == text
    assert '"full_at":"24/25"' in text


def test_frozen_text_with_an_unknown_key_is_refused(campaign: Campaign) -> None:
    text = json.dumps({**json.loads(freeze(campaign)), "mood": "good"})

    with pytest.raises(CampaignMistakes, match="mood"):
        thaw(text)
