"""What a coordinator does to gates and stages in the portal, and what the person concerned sees."""

from __future__ import annotations

import time
from collections.abc import Callable

import pyotp
import pytest

from actions.review.recorded_answers import seats_asked
from portal.web.rendering import SAID
from records.review.gates import latest_gate, seat_duties
from records.store import Store
from records.tables.campaign import StageRow
from records.tables.review import DecisionRow, GateRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.conftest import rows_of
from tests.portal.conftest import Browser, Portal

STAGE = f"/campaigns/{CAMPAIGN_ID}/stages"


@pytest.fixture
def coordinator(portal: Portal, at_desk: GateRow, at: Callable[[int, int], None]) -> Browser:
    """The coordinator on 17 November."""
    at(11, 17)
    return portal.as_("coordinator-1")


def test_coordinator_cannot_take_a_seat_by_form(
    portal: Portal, coordinator: Browser, at_desk: GateRow
) -> None:
    with portal.store.reading() as session:
        [duty] = seat_duties(session, at_desk).values()
    page = coordinator.look(f"/duties/{duty.id}")

    tried = {
        person: coordinator.fill_in(f"/duties/{duty.id}/handovers", {"to": person, "reason": "出差"})
        for person in ("coordinator-1", "leader-1", "finance-1", "auditor-1", "clerk-331181103")
    }

    assert {one.status_code for one in tried.values()} == {422}
    assert [person for person in tried if f'value="{person}"' in page] == []
    assert holder_of(portal.store, at_desk) == duty.person_id


def next_code(portal: Portal, person_id: str) -> str:
    """What the telephone shows next: the present code was taken at the log-in."""
    return pyotp.TOTP(portal.secrets[person_id]).at(int(time.time()) + 30)


def holder_of(store: Store, gate: GateRow) -> str:
    with store.reading() as session:
        return min(seats_asked(session, gate).values())


def record(portal: Portal, coordinator: Browser, gate: GateRow, code: str) -> str:
    coordinator.look(f"/gates/{gate.id}")
    form = {
        "attempt": str(gate.attempt), "seen_hash": gate.content_hash, "person": holder_of(portal.store, gate),
        "answer": "pass", "call_note": "上午十点拨打办公室电话", "code": code,
    }  # fmt: skip
    return coordinator.fill_in(f"/gates/{gate.id}/recordings", form).text


def test_answer_by_phone_is_recorded_with_both_names_and_objected_to(
    portal: Portal, coordinator: Browser, at_desk: GateRow
) -> None:
    holder = holder_of(portal.store, at_desk)
    page = record(portal, coordinator, at_desk, next_code(portal, "coordinator-1"))

    assert SAID["recorded"] in page
    assert "由苏敏之代录：上午十点拨打办公室电话" in page
    (made,) = rows_of(portal.store, DecisionRow)
    assert (made.person_id, made.recorded_by) == (holder, "coordinator-1")

    person = portal.as_(holder)
    assert "这是以您名义代录的电话答复" in person.look(f"/gates/{at_desk.id}")
    done = person.fill_in(f"/gates/{at_desk.id}/objections", {"words": "我说的是退回"})
    assert SAID["objected"] in done.text
    assert "本人已提出异议：我说的是退回" in done.text
    assert "打开新的审批点" in done.text


def test_answer_by_phone_without_a_code_is_not_recorded(
    portal: Portal, coordinator: Browser, at_desk: GateRow
) -> None:
    page = record(portal, coordinator, at_desk, "000000")

    assert "动态口令不正确" in page
    assert "上午十点拨打办公室电话</textarea>" in page
    assert rows_of(portal.store, DecisionRow) == []


def test_decided_gate_is_asked_once_more_after_its_price_was_shown(
    portal: Portal, coordinator: Browser, at_desk: GateRow
) -> None:
    record(portal, coordinator, at_desk, next_code(portal, "coordinator-1"))

    assert "另开第2次" in coordinator.look(f"/gates/{at_desk.id}")
    silent = coordinator.fill_in(f"/gates/{at_desk.id}/reopenings")
    done = coordinator.fill_in(f"/gates/{at_desk.id}/reopenings", {"why_again": "台账核对有误"})

    assert silent.status_code == 422
    assert SAID["gate_reopened"] in done.text
    with portal.store.reading() as session:
        anew = latest_gate(session, CAMPAIGN_ID, at_desk.name, at_desk.subject)
        assert anew is not None
    assert done.url.path == f"/gates/{anew.id}"
    assert "该审批点已重新开启：台账核对有误" in coordinator.look(f"/gates/{at_desk.id}")


def test_stage_is_opened_again_and_closed_with_reasons(portal: Portal, coordinator: Browser) -> None:
    assert "看由此变动什么" in coordinator.look(f"{STAGE}/survey")
    assert "原截止日期不变" in coordinator.look(f"{STAGE}/survey?until=2020-11-20")

    opened = coordinator.fill_in(f"{STAGE}/survey/openings", {"until": "2020-11-20", "reason": "一乡补报"})
    assert SAID["stage_reopened"] in opened.text
    closed = coordinator.fill_in(f"{STAGE}/survey/closings", {"reason": "已补报"})

    assert SAID["stage_closed"] in closed.text
    assert ("一乡补报" in closed.text, "已补报" in closed.text) == (True, True)
    with portal.store.reading() as session:
        assert session.get_one(StageRow, (CAMPAIGN_ID, "survey")).state == "closed"


@pytest.mark.parametrize("until", ["", "tomorrow", "2020-11-01"])
def test_stage_is_not_opened_until_a_day_that_is_none(coordinator: Browser, until: str) -> None:
    coordinator.look(f"{STAGE}/survey")

    answer = coordinator.fill_in(f"{STAGE}/survey/openings", {"until": until, "reason": "补报"})

    assert answer.status_code == 422


def test_stage_that_cannot_be_closed_says_why(coordinator: Browser) -> None:
    assert "不能提前结束" in coordinator.look(f"{STAGE}/submission")
    assert coordinator.fill_in(f"{STAGE}/submission/closings", {"reason": "急"}).status_code == 422
    coordinator.look(f"{STAGE}/nonsense", status=404)
