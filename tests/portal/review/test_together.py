"""Several like cases decided at once: one question back, one decision each, and what changed is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from actions.dossiers import uploads
from actions.review import recognition, verification
from portal.web.rendering import SAID
from records.duties.duties import duties_awaited
from records.review.gates import latest_gate
from records.runs import carriers
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.review import DecisionRow, GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, dossier_of, judge, local
from tests.conftest import rows_of
from tests.portal.conftest import Browser, Portal

CASES = f"/campaigns/{CAMPAIGN_ID}/cases"
SAY = f"{CASES}/decisions"
MARK = re.compile(r'name="case" value="([^"]+)"')


@pytest.fixture
def gates(submitting: Store, campaign: Campaign) -> list[GateRow]:
    """Every village's recognition, open on 18 November."""
    return [_asked_to_recognise(submitting, campaign, one.code) for one in campaign.villages]


def _asked_to_recognise(store: Store, campaign: Campaign, village: str) -> GateRow:
    subject, day = f"{CAMPAIGN_ID}/{village}", local(campaign, 11, 18)
    done = uploads.hand_in(
        store, campaign_id=CAMPAIGN_ID, village_code=village, data=dossier_of(village),
        by=f"clerk-{campaign.village(village).town_code}", now=local(campaign, 11, 2),
        host_now=local(campaign, 11, 2),
    )  # fmt: skip
    assert isinstance(done, UploadRow)
    judge(store, done, now=local(campaign, 11, 2, 11))
    with store.writing() as session:
        carriers.enlist(
            session, kind="verification", subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[], at=day
        )
    assert verification.desk_review(store, subject=subject, now=day) is None
    with store.reading() as session:
        (duty,) = duties_awaited(session, "verification", subject)
    decide_latest(store, "desk_review", subject, by=duty.person_id, answer="pass")
    assert recognition.recognition(store, subject=subject, now=day) is None
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "recognition", subject)
    assert gate is not None
    return gate


@pytest.fixture
def leader(portal: Portal, gates: list[GateRow], at: Callable[[int, int], None]) -> Browser:
    at(11, 18)
    return portal.as_("leader-1")


def marks_on(page: str) -> list[str]:
    return MARK.findall(page)


def made_by(store: Store, person_id: str) -> list[DecisionRow]:
    return [one for one in rows_of(store, DecisionRow) if one.person_id == person_id]


def test_inbox_leads_to_the_list_of_like_cases(leader: Browser, campaign: Campaign) -> None:
    assert f'href="{CASES}"' in leader.look(f"/campaigns/{CAMPAIGN_ID}/inbox")

    page = leader.look(CASES)

    assert len(marks_on(page)) == len(campaign.villages)
    assert all(one.name in page for one in campaign.villages)
    assert " checked" not in page
    assert "checked" in leader.look(f"{CASES}?all=agreed")


def test_marked_cases_are_named_in_one_question_before_anything_is_decided(
    portal: Portal, leader: Browser, campaign: Campaign
) -> None:
    marks = marks_on(leader.look(CASES))[:2]

    asked = leader.fill_in(CASES, {"case": marks, "answer": "recognise", "reason": "同意"})

    named = [one.name for one in campaign.villages if one.name in asked.text]
    assert (asked.status_code, len(named), marks_on(asked.text)) == (200, 2, marks)
    assert made_by(portal.store, "leader-1") == []


def test_each_case_gets_its_own_decision_on_its_own_content_with_one_audit_entry(
    portal: Portal, leader: Browser, gates: list[GateRow]
) -> None:
    marks = marks_on(leader.look(CASES))
    before = len([one for one in rows_of(portal.store, AuditRow) if one.act == "decide"])

    leader.fill_in(CASES, {"case": marks, "answer": "recognise"})
    done = leader.fill_in(SAY, {"case": marks, "answer": "recognise", "reason": "同意"})

    assert SAID["decided_together"] in done.text
    made = {
        (one.gate_id, one.seen_hash, one.answer, one.reason, one.door)
        for one in made_by(portal.store, "leader-1")
    }
    assert made == {(one.id, one.content_hash, "recognise", "同意", "portal") for one in gates}
    noted = [one.subject for one in rows_of(portal.store, AuditRow) if one.act == "decide"][before:]
    assert sorted(noted) == sorted(one.subject for one in gates)
    assert {one.state for one in rows_of(portal.store, GateRow) if one.name == "recognition"} == {"closed"}


def test_case_that_changed_meanwhile_is_refused_by_name_and_the_rest_holds(
    portal: Portal, leader: Browser, gates: list[GateRow], campaign: Campaign
) -> None:
    marks = marks_on(leader.look(CASES))
    leader.fill_in(CASES, {"case": marks, "answer": "recognise"})
    with portal.store.writing() as session:
        session.get_one(GateRow, gates[1].id).content_hash = "0" * 64

    done = leader.fill_in(SAY, {"case": marks, "answer": "recognise"})

    assert (done.status_code, "以下1个没有记录决定" in done.text) == (422, True)
    refused = done.text.partition("以下1个没有记录决定")[2].partition("</ul>")[0]
    told = [one.name for one in campaign.villages if f"{one.name}</b>" in refused]
    assert told == [campaign.village(gates[1].village_code).name]
    assert {one.gate_id for one in made_by(portal.store, "leader-1")} == {gates[0].id, gates[2].id}


def test_case_decided_meanwhile_is_refused_and_stays_as_it_was(
    portal: Portal, leader: Browser, gates: list[GateRow]
) -> None:
    marks = marks_on(leader.look(CASES))
    decide_latest(
        portal.store, "recognition", gates[0].subject, by="leader-1", answer="refuse", reason="材料不足"
    )

    done = leader.fill_in(SAY, {"case": marks, "answer": "recognise"})

    assert "以下1个没有记录决定" in done.text
    answers = {one.gate_id: one.answer for one in made_by(portal.store, "leader-1")}
    assert answers == {gates[0].id: "refuse", gates[1].id: "recognise", gates[2].id: "recognise"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"answer": "recognise"}, "请先勾选"),
        ({"answer": "recognise", "case": ["1:1", "²:1:x", "999999:1:x", "", "1" * 30]}, "请先勾选"),
        ({"case": "all"}, "请从以下选项中选择"),
        ({"case": "all", "answer": "refuse"}, "必须写明理由"),
    ],
)
def test_question_that_cannot_be_asked_is_answered_with_a_sentence(
    portal: Portal, leader: Browser, sent: dict[str, object], said: str
) -> None:
    marks = marks_on(leader.look(CASES))

    answer = leader.fill_in(CASES, {**sent, **({"case": marks} if sent.get("case") == "all" else {})})

    assert (answer.status_code, said in answer.text) == (422, True)
    assert made_by(portal.store, "leader-1") == []


def test_nobody_decides_from_the_list_what_is_not_theirs(portal: Portal, leader: Browser) -> None:
    marks = marks_on(leader.look(CASES))
    coordinator = portal.as_("coordinator-1")
    empty = coordinator.look(CASES)

    answer = coordinator.fill_in(SAY, {"case": marks, "answer": "recognise"})

    assert (marks_on(empty), answer.status_code) == ([], 422)
    assert made_by(portal.store, "coordinator-1") == []


def test_after_a_decision_the_next_case_is_at_hand(leader: Browser, gates: list[GateRow]) -> None:
    leader.look(f"/gates/{gates[0].id}")

    done = leader.fill_in(
        f"/gates/{gates[0].id}/decisions",
        {"attempt": "1", "seen_hash": gates[0].content_hash, "answer": "recognise"},
    )

    following = re.search(r'下一件待办：<a href="/gates/(\d+)"', done.text)
    assert following is not None
    assert int(following[1]) in {gates[1].id, gates[2].id}


def test_indicators_on_which_all_agree_are_folded_beside_the_decision(
    leader: Browser, gates: list[GateRow]
) -> None:
    page = leader.look(f"/gates/{gates[0].id}")

    decision, table = page.index('id="decide"'), page.index('class="stack scores"')
    assert decision < table
    assert '<details class="agreed"><summary>各方一致的' in page
