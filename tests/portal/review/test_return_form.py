"""Returning a case in the portal: items ticked, written, added and dropped without JavaScript, and a day."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from actions.review import verification
from portal.web.rendering import SAID
from records.tables.review import DecisionRow, GateRow, ReturnItemRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Browser, Portal
from tests.portal.review.test_gate import asked_at, second_gate

At = Callable[[int, int], None]


@pytest.fixture
def reviewer(portal: Portal, at_desk: GateRow, at: At) -> Browser:
    at(11, 16)
    browser = portal.as_(asked_at(portal.store, at_desk))
    browser.look(f"/gates/{at_desk.id}")
    return browser


def form(gate: GateRow, **more: str) -> dict[str, str]:
    held = {"attempt": str(gate.attempt), "seen_hash": gate.content_hash, "answer": "return"}
    return {
        **held,
        **{key.replace("_", ":", 1) if key != "correct_by" else key: value for key, value in more.items()},
    }


def rows(page: str) -> list[str]:
    return re.findall(r'<textarea name="item:\d+"[^>]*>(.*?)</textarea>', page)


def test_items_are_added_and_dropped_before_anything_is_decided(
    portal: Portal, reviewer: Browser, at_desk: GateRow
) -> None:
    path = f"/gates/{at_desk.id}/decisions"
    more = reviewer.fill_in(
        path,
        {**form(at_desk, item_1="缺签名", item_2="缺照片", about_2="B1.1"), "items": "more"},
    )
    fewer = reviewer.fill_in(
        path,
        {**form(at_desk, item_1="缺签名", item_2="缺照片", about_2="B1.1", drop_1="1"), "items": "more"},
    )

    assert (more.status_code, rows(more.text)) == (200, ["缺签名", "缺照片", ""])
    assert rows(fewer.text) == ["缺照片", ""]
    assert re.search(r'<option value="B1.1" selected>', fewer.text)
    assert rows_of(portal.store, DecisionRow) == []


def test_what_was_found_already_is_ticked_and_goes_to_the_town_item_by_item(
    portal: Portal, reviewer: Browser, at_desk: GateRow, campaign: Campaign
) -> None:
    reviewer.fill_in(f"/gates/{at_desk.id}/scores", {"fact:B1.1/6": "0", "why:B1.1/6": "台账没有工作记录"})
    page = reviewer.look(f"/gates/{at_desk.id}")
    assert 'name="tick:B1.1/6"' in page

    done = reviewer.fill_in(
        f"/gates/{at_desk.id}/decisions",
        {
            **form(at_desk, item_1="第7行缺去向", about_1="roster", correct_by="2020-11-20"),
            "tick:B1.1/6": "1",
        },
    )

    assert SAID["decided"] in done.text
    assert [one.about for one in rows_of(portal.store, ReturnItemRow)] == ["B1.1", "roster"]
    verification.desk_review(portal.store, subject=at_desk.subject, now=local(campaign, 11, 16))
    town = portal.as_(CLERK).look(f"/campaigns/{CAMPAIGN_ID}/villages/{at_desk.village_code}")
    assert re.search(r"<li>B1\.1 平台“六到位”：工作到位 1 → 0：台账没有工作记录</li>", town)
    assert "<li>附件2 花名册：第7行缺去向</li>" in town
    assert "11月20日" in town


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "必须写明理由"),
        ({"item:1": "缺签名", "answer": "pass"}, "没有选择退回"),
        ({"item:1": "缺签名", "about:1": "Z9"}, "不在评价指标和附件之内"),
        ({"item:1": "缺签名", "correct_by": "明天"}, "2020-11-20"),
        ({"item:1": "缺签名", "correct_by": "2020-12-31"}, "补正期限只能在"),
    ],
)
def test_return_that_says_too_little_is_answered_on_the_page_with_what_was_typed(
    portal: Portal, reviewer: Browser, at_desk: GateRow, changed: dict[str, str], said: str
) -> None:
    answer = reviewer.fill_in(f"/gates/{at_desk.id}/decisions", {**form(at_desk), **changed})

    assert (answer.status_code, said in answer.text) == (422, True)
    assert rows(answer.text)[0] == changed.get("item:1", "")
    assert rows_of(portal.store, DecisionRow) == []


def test_earlier_return_is_told_item_by_item_at_the_next_attempt(
    portal: Portal, reviewer: Browser, at_desk: GateRow
) -> None:
    reviewer.fill_in(f"/gates/{at_desk.id}/decisions", form(at_desk, item_1="缺签名", item_2="缺照片"))
    with portal.store.writing() as session:
        row = session.get_one(GateRow, at_desk.id)
        facts = {one.key: getattr(row, one.key) for one in GateRow.__table__.columns if one.key != "id"}
        again = GateRow(**{**facts, "attempt": 2, "state": "open", "answer": None, "closed_at": None})
        session.add(again)
        session.flush()
        number = again.id

    page = portal.as_("coordinator-1").look(f"/gates/{number}")

    assert "<ol><li>缺签名</li><li>缺照片</li></ol>" in page


def test_second_reviewer_sees_nothing_of_what_the_first_returned(
    portal: Portal, reviewer: Browser, at_desk: GateRow, campaign: Campaign
) -> None:
    gate = second_gate(portal.store, campaign, at_desk.village_code, at_desk)
    with portal.store.writing() as session:
        session.get_one(GateRow, at_desk.id).answer = "return"
        for one in session.query(DecisionRow):
            one.answer, one.reason = "return", "初审认为缺照片"
    second = portal.as_(asked_at(portal.store, gate))

    assert "初审认为缺照片" not in second.look(f"/gates/{gate.id}")
    assert "初审认为缺照片" in portal.as_("coordinator-1").look(f"/gates/{at_desk.id}")
