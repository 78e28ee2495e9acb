"""The page of the ledger of time: for towns and the bureau's oversight."""

from __future__ import annotations

import pytest

from actions.duties import duties
from records.duties.duties import duty_with_key
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.portal.conftest import CLERK, Portal

PAGE = f"/campaigns/{CAMPAIGN_ID}/time"
pytestmark = pytest.mark.usefixtures("submitting")


def test_every_town_reads_what_another_was_given(portal: Portal, campaign: Campaign) -> None:
    assert "还没有延期" in portal.as_(CLERK).look(PAGE)
    with portal.store.reading() as session:
        paper = duty_with_key(session, CAMPAIGN_ID, "paper:331181103")
    assert paper is not None
    until = paper.due_at.replace(day=18)
    duties.extend(
        portal.store, duty_id=paper.id, by="coordinator-1", due_at=until, lock_at=until, reason="大雨。",
        now=local(campaign, 11, 10),
    )  # fmt: skip

    page = portal.as_(CLERK).look(PAGE)

    assert "查田镇" in page
    assert "11月15日至11月18日" in page
    assert "大雨。" in page
    assert "1次，共3天" in page


def test_reviewers_and_finance_do_not_read_it(portal: Portal) -> None:
    for person in ("reviewer-1", "finance-1"):
        portal.as_(person).look(PAGE, status=404)
