"""The page of outages: what was lost, what is proposed, and the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from records.tables.duties import OutageRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.portal.conftest import CLERK, Portal

BOARD, PAGE, TIME = (f"/campaigns/{CAMPAIGN_ID}/{name}" for name in ("board", "outages", "time"))
pytestmark = pytest.mark.usefixtures("submitting")


@pytest.fixture
def cut(portal: Portal, campaign: Campaign, at: Callable[[int, int], None]) -> Portal:
    began, ended = (local(campaign, 11, 15, hour) for hour in (20, 23))
    with portal.store.writing() as session:
        session.add(OutageRow(began_at=began, ended_at=ended))
    at(11, 15)
    return portal


def test_outage_is_answered_from_the_board_and_seen_by_towns(cut: Portal) -> None:
    coordinator = cut.as_("coordinator-1")
    board, page = coordinator.look(BOARD), coordinator.look(PAGE)

    done = coordinator.fill_in(f"{PAGE}/extension", {"outage": "1"})

    assert "11月15日20:00至23:00，共3小时" in board
    assert "各乡镇(街道)同等延期" in page
    assert "没有等待决定的中断" in done.text
    assert "门户中断" not in coordinator.look(BOARD)
    assert "全部乡镇(街道)" in cut.as_(CLERK).look(TIME)


def test_outage_is_declined_with_a_reason(cut: Portal) -> None:
    coordinator = cut.as_("coordinator-1")
    coordinator.look(PAGE)

    silent = coordinator.fill_in(f"{PAGE}/refusal", {"outage": "1", "words": " "})
    done = coordinator.fill_in(f"{PAGE}/refusal", {"outage": "1", "words": "已另行通知。"})

    assert (silent.status_code, "请写明不延期的理由" in silent.text) == (422, True)
    assert "不延期。已另行通知。" in done.text


def test_nobody_but_the_coordinator_sees_the_page(cut: Portal) -> None:
    for person in (CLERK, "reviewer-1", "leader-1"):
        cut.as_(person).look(PAGE, status=404)
