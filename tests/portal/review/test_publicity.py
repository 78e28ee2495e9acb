"""Publicity on its page: an objection taken in by one and answered by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.review.publicity import step
from config.frozen import freeze
from records.copies.dump import rows_of
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.publicity import PublicityRow, PublicObjectionRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.portal.conftest import CLERK, Portal

PAGE = f"/campaigns/{CAMPAIGN_ID}/publicity"
VILLAGE = "331181100200"


@pytest.fixture
def public(portal: Portal, at_desk: GateRow, campaign: Campaign) -> Store:
    """The first village made public, whatever its reviews."""
    store = portal.store
    with store.writing() as session:
        session.get_one(CampaignRow, CAMPAIGN_ID).frozen = freeze(replace(campaign, publicity_workdays=2))
        gate = GateRow(
            campaign_id=CAMPAIGN_ID,
            name="recognition",
            version=1,
            subject=at_desk.subject,
            attempt=1,
            town_code=at_desk.town_code,
            village_code=VILLAGE,
            carrier_kind="verification",
            carrier_subject=at_desk.subject,
            content_hash="0",
            upload_id=at_desk.upload_id,
            state="closed",
            answer="recognise",
            opened_at=local(campaign, 11, 16),
            due_at=local(campaign, 11, 18),
            closed_at=local(campaign, 11, 17),
        )
        session.add(gate)
        session.flush()
        session.add(
            PublicityRow(
                gate_id=gate.id,
                campaign_id=CAMPAIGN_ID,
                village_code=VILLAGE,
                opened_at=local(campaign, 11, 17),
                closes_at=local(campaign, 11, 17) + timedelta(days=4000),
            )
        )
    return store


def test_objection_is_taken_in_by_one_and_answered_by_another(portal: Portal, public: Store) -> None:
    coordinator, leader = portal.as_("coordinator-1"), portal.as_("leader-1")
    coordinator.look(PAGE)
    silent = coordinator.fill_in(
        f"{PAGE}/objections", {"village": VILLAGE, "objector": "", "evidence": "不实"}
    )
    coordinator.look(PAGE)
    kept = coordinator.fill_in(
        f"{PAGE}/objections", {"village": VILLAGE, "objector": "张三 13000000000", "evidence": "走访记录不实"}
    )
    [objection] = rows(public)
    own = coordinator.fill_in(
        f"{PAGE}/answers", {"objection": str(objection.id), "answer": "refused", "words": "已核实"}
    )
    leader.look(PAGE)
    done = leader.fill_in(
        f"{PAGE}/answers", {"objection": str(objection.id), "answer": "refused", "words": "已核实，记录属实"}
    )

    assert ("异议须实名提出" in silent.text, "异议已登记" in kept.text) == (True, True)
    assert ("须由另一人答复" in own.text, "异议已答复" in done.text) == (True, True)
    assert ("13000000000" in done.text, rows(public)[0].answer) == (False, "refused")


def rows(store: Store) -> list[PublicObjectionRow]:
    with store.reading() as session:
        return rows_of(session, PublicObjectionRow)


def test_publicity_is_not_for_towns_nor_are_unknown_objections_answered(
    portal: Portal, public: Store
) -> None:
    portal.as_(CLERK).look(PAGE, status=404)
    leader = portal.as_("leader-1")
    leader.look(PAGE)
    coordinator = portal.as_("coordinator-1")
    coordinator.look(PAGE)

    answer = coordinator.fill_in(f"{PAGE}/answers", {"objection": "x", "answer": "refused", "words": "无"})

    assert "没有这件异议" in answer.text
    assert step.STOOD == "stood"
