"""Targets against what came: the county's and each town's, from the campaign's folder alone."""

from __future__ import annotations

from dataclasses import replace

from actions.campaign.targets import Reach, reached, stands_of
from actions.lookup import campaign_of
from records.store import Store
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, judge, local, move_village
from tests.actions.lists.test_results import FIRST, SECOND, open_under


def test_town_has_its_targets_beside_what_was_handed_in_and_accepted(
    submitting: Store, campaign: Campaign, hand_in: HandIn
) -> None:
    plan = replace(
        campaign,
        taking_part=48,
        recognised_at_least=25,
        towns=tuple(replace(one, taking_part=5, recognised=2) for one in campaign.towns),
    )
    first = plan.villages[0].town_code
    upload = hand_in()
    assert not isinstance(upload, Refused)

    with submitting.reading() as session:
        county, towns = reached(plan, stands_of(session, plan.id))
    judge(submitting, upload, now=local(campaign, 11, 2, 11))
    with submitting.reading() as session:
        _, after = reached(plan, stands_of(session, plan.id))

    mine = next(one for one in towns if one.town_code == first)
    part = sum(one.town_code == first for one in plan.villages)
    assert mine == Reach(first, plan.town(first).name, 5, 2, part, 1, 0, 0, 0)
    assert next(one for one in after if one.town_code == first) == replace(mine, accepted=1)
    assert county == Reach("", plan.county, 48, 25, len(plan.villages), 1, 0, 0, 0)


def test_county_counts_whom_it_recognised_and_sent_upward_and_not_who_stays_out(store: Store) -> None:
    open_under(store, "difference")
    move_village(store, "331181103200", "out")

    with store.reading() as session:
        county, towns = reached(campaign_of(session, CAMPAIGN_ID), stands_of(session, CAMPAIGN_ID))

    assert (county.taking_part, county.recognised, county.recommended) == (2, 2, 1)
    assert [sum(getattr(one, name) for one in towns) for name in ("recognised", "recommended")] == [2, 1]
    assert {FIRST[:9], SECOND[:9]} == {one.town_code for one in towns if one.recognised}
