"""Who looks into a rehearsal finds work for their role, or is told what to look at instead."""

from __future__ import annotations

import pytest

from config.campaign_folder import campaign_folder, read_folder, restrict
from rehearsal.quick import play_quickly
from rehearsal.visitors import OWN, let_in_visitors
from rules.campaign.campaign import ROLES


@pytest.mark.parametrize("role", ROLES)
def test_rehearsal_stopped_for_a_role_has_something_for_it(role: str) -> None:
    reading = read_folder(campaign_folder("longquan-2020"))
    assert reading.campaign is not None
    assert reading.calendar is not None
    campaign = restrict(reading.campaign, 2)

    store = play_quickly(campaign, reading.calendar, until_role=role)

    invited = {one.role: one for one in let_in_visitors(store, campaign, "http://portal")}
    assert len(invited) == len(ROLES)
    assert all(one.tasks or one.hint for one in invited.values())
    assert bool(invited[ROLES[role]].tasks) or role not in OWN
