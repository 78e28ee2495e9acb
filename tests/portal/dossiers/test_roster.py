"""The people of a village's roster on a page: masked, and one number in full for a reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from actions.dossiers.roster import PAGE
from records.review.assignments import assigned_to_gate
from records.tables.dossiers import RosterPersonRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Browser, Portal

WHOLE = re.compile(r"\b331199\d{11}[\dX]\b")
ROSTER = "/uploads/1/roster"


@pytest.fixture
def reviewer(portal: Portal, at_desk: GateRow, at: Callable[[int, int], None]) -> Browser:
    at(11, 16)
    with portal.store.reading() as session:
        asked = assigned_to_gate(session, session.get_one(GateRow, at_desk.id))
    return portal.as_(min(asked))


def test_reviewer_finds_the_roster_from_the_village_and_sees_it_masked(
    reviewer: Browser, portal: Portal, campaign: Campaign
) -> None:
    assert f'href="{ROSTER}"' in reviewer.look(
        f"/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}"
    )

    first = reviewer.look(ROSTER)
    last = reviewer.look(f"{ROSTER}?page=2")

    people = len(rows_of(portal.store, RosterPersonRow))
    assert first.count('type="radio"') + last.count('type="radio"') == people
    assert (WHOLE.findall(first + last), first.count("*" * 16)) == ([], PAGE)


def test_reviewer_sees_one_number_for_a_reason_once(reviewer: Browser, portal: Portal) -> None:
    reviewer.look(f"{ROSTER}?page=2")

    without = reviewer.fill_in(ROSTER, {"row": "40", "page": "2"})
    shown = reviewer.fill_in(ROSTER, {"row": "40", "page": "2", "reason": "与户籍信息核对"})

    assert (without.status_code, "请写明查看完整身份证号的理由" in without.text) == (422, True)
    assert len(WHOLE.findall(shown.text)) == 1
    assert WHOLE.findall(reviewer.look(f"{ROSTER}?page=2")) == []
    assert shown.headers["cache-control"] == "no-store"
    assert [one.act for one in rows_of(portal.store, AuditRow)].count("unmask") == 1


def test_town_reads_its_own_roster_and_may_not_unmask(reviewer: Browser, portal: Portal) -> None:
    clerk = portal.as_(CLERK)

    page = clerk.look(ROSTER)

    assert ('type="radio"' in page, "****************" in page) == (False, True)
    assert clerk.fill_in(ROSTER, {"row": "4", "reason": "核对"}).status_code == 404


@pytest.mark.parametrize(("asked", "shown"), [("0", 1), ("x", 1), ("９", 1), ("99999999999", 2), ("9", 2)])
def test_page_that_is_not_there_becomes_another(reviewer: Browser, asked: str, shown: int) -> None:
    assert f"第{shown}页，共2页" in reviewer.look(f"{ROSTER}?page={asked}")


def test_from_a_number_of_the_score_sheet_to_the_people_behind_it(
    reviewer: Browser, portal: Portal, at_desk: GateRow
) -> None:
    page = reviewer.look(f"/gates/{at_desk.id}")
    [(address, number)] = set(re.findall(r'href="(/uploads/1/roster\?count=hardship)">[^<]*?(\d+)人', page))

    listed = reviewer.look(address)

    assert "规则：" in page
    assert "就业困难人员数" in listed
    assert listed.count('type="radio"') == int(number) > 0
    assert WHOLE.findall(listed) == []
