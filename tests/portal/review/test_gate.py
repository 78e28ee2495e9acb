"""A reviewer's way: inbox, case, score sheet, return, visit; and what a second reviewer must not see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.review import decisions, recognition, verification
from portal.web.rendering import SAID
from records.review.gates import latest_gate
from records.store import Store
from records.tables.review import DecisionRow, GateRow, ScoreRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local
from tests.conftest import rows_of
from tests.portal.conftest import Browser, Portal

At = Callable[[int, int], None]


@pytest.fixture
def village(campaign: Campaign) -> str:
    return campaign.villages[0].code


def asked_at(store: Store, gate: GateRow) -> str:
    """Who was asked."""
    with store.reading() as session:
        from records.duties.duties import duties_awaited
        from records.review.assignments import assigned_to_gate

        (duty,) = duties_awaited(session, gate.carrier_kind, gate.carrier_subject)
        assert duty.person_id in assigned_to_gate(session, gate)
        return duty.person_id


@pytest.fixture
def reviewer(portal: Portal, at_desk: GateRow, at: At) -> Browser:
    """The reviewer who was asked to look at the first village's dossier, on 16 November."""
    at(11, 16)
    return portal.as_(asked_at(portal.store, at_desk))


def test_home_of_a_reviewer_is_the_inbox_with_the_case(reviewer: Browser, at_desk: GateRow) -> None:
    page = reviewer.look("/")

    assert reviewer.page.url.path == f"/campaigns/{CAMPAIGN_ID}/inbox"
    assert f'href="/gates/{at_desk.id}"' in page
    assert "材料初审" in page


def test_village_says_to_its_town_with_which_role_the_review_is(
    portal: Portal, at_desk: GateRow, village: str
) -> None:
    page = portal.as_("clerk-331181100").look(f"/campaigns/{CAMPAIGN_ID}/villages/{village}")

    assert "材料初审：11月16日" in page
    assert "由审核人员办理" in page


def test_case_shows_the_towns_points_and_the_numbers_behind_them(reviewer: Browser, at_desk: GateRow) -> None:
    page = reviewer.look(f"/gates/{at_desk.id}")

    assert "自评" in page
    assert "A1.1 劳动者就业率" in page
    assert "有劳动能力和就业愿望人数" in page
    assert at_desk.content_hash in page
    assert len(page.encode()) < 100_000


def test_score_that_differs_needs_a_reason_and_is_kept_with_it(
    portal: Portal, reviewer: Browser, at_desk: GateRow
) -> None:
    reviewer.look(f"/gates/{at_desk.id}")

    silent = reviewer.fill_in(f"/gates/{at_desk.id}/scores", {"fact:B1.1/6": "0"})
    odd = reviewer.fill_in(f"/gates/{at_desk.id}/scores", {"fact:B1.3": "两例", "why:B1.3": "抽查"})
    done = reviewer.fill_in(
        f"/gates/{at_desk.id}/scores",
        {"fact:B1.1/6": "0", "why:B1.1/6": "台账没有工作记录", "fact:B1.1/1": "1"},
    )

    assert (silent.status_code, "必须写明理由" in silent.text) == (422, True)
    assert "请填写整数" in odd.text
    assert SAID["scored"] in done.text
    sheet = rows_of(portal.store, ScoreRow)[-1]
    assert (sheet.party, sheet.adjustments) == ("a", {"B1.1/6": "0"})
    assert sheet.reasons == {"B1.1/6": "台账没有工作记录"}


def test_number_of_the_town_counts_as_confirmed_when_it_has_a_reason(
    portal: Portal, reviewer: Browser, at_desk: GateRow
) -> None:
    reviewer.look(f"/gates/{at_desk.id}")

    reviewer.fill_in(f"/gates/{at_desk.id}/scores", {"fact:B1.1/1": "1", "why:B1.1/1": "补看原件属实"})

    assert rows_of(portal.store, ScoreRow)[-1].adjustments == {"B1.1/1": "1"}


def test_return_needs_a_reason_and_is_kept_with_the_content_it_saw(
    portal: Portal, reviewer: Browser, at_desk: GateRow
) -> None:
    path = f"/gates/{at_desk.id}/decisions"
    reviewer.look(f"/gates/{at_desk.id}")
    seen = {"attempt": "1", "seen_hash": at_desk.content_hash, "answer": "return"}

    silent = reviewer.fill_in(path, seen)
    done = reviewer.fill_in(path, {**seen, "reason": "花名册缺两人的就业去向"})

    assert (silent.status_code, "必须写明理由" in silent.text) == (422, True)
    assert SAID["decided"] in done.text
    assert "花名册缺两人的就业去向" in done.text
    (decision,) = rows_of(portal.store, DecisionRow)
    assert (decision.answer, decision.door, decision.seen_hash) == ("return", "portal", at_desk.content_hash)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seen_hash": "0" * 64}, "材料已经更新"),
        ({"answer": ""}, "请从以下选项中选择"),
        ({"attempt": "2"}, "没有这个审批点"),
        ({"attempt": "²"}, "没有这个审批点"),
    ],
)
def test_decision_on_something_else_than_what_is_there_changes_nothing(
    portal: Portal, reviewer: Browser, at_desk: GateRow, changed: dict[str, str], said: str
) -> None:
    reviewer.look(f"/gates/{at_desk.id}")
    seen = {"attempt": "1", "seen_hash": at_desk.content_hash, "answer": "pass", "reason": "我的理由"}

    answer = reviewer.fill_in(f"/gates/{at_desk.id}/decisions", {**seen, **changed})

    assert (answer.status_code, said in answer.text) == (422, True)
    assert "我的理由" in answer.text
    assert rows_of(portal.store, DecisionRow) == []


def test_case_of_a_colleague_is_not_there(portal: Portal, reviewer: Browser, at_desk: GateRow) -> None:
    mine = asked_at(portal.store, at_desk)
    with portal.store.reading() as session:
        from records.review.assignments import assigned_to_gate

        let_in = assigned_to_gate(session, at_desk)
    others = [f"reviewer-{number}" for number in range(1, 7) if f"reviewer-{number}" not in let_in]
    assert mine in let_in

    for other in others:
        portal.as_(other).look(f"/gates/{at_desk.id}", status=404)


def second_gate(store: Store, campaign: Campaign, village: str, at_desk: GateRow) -> GateRow:
    """The first reviewer marks the village down so far that a second one is asked."""
    first = asked_at(store, at_desk)
    subject = f"{CAMPAIGN_ID}/{village}"
    from actions.review import score_sheets

    lower = {f"B1.1/{number}": "0" for number in range(1, 7)} | {"B1.3": "6", "B2.2": "5", "B3.1": "5"}
    done = score_sheets.score(
        store,
        gate_id=at_desk.id,
        by=first,
        adjustments=lower,
        reasons=dict.fromkeys(lower, "现场没有看到"),
        now=local(campaign, 11, 16),
    )
    assert isinstance(done, str)
    decide_latest(store, "desk_review", subject, by=first, answer="pass")
    assert verification.second_review(store, subject=subject, now=local(campaign, 11, 17)) is None
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "second_review", subject)
        assert gate is not None
        return gate


def test_second_reviewer_does_not_see_the_first_ones_sheet(
    portal: Portal, reviewer: Browser, at_desk: GateRow, campaign: Campaign, village: str
) -> None:
    gate = second_gate(portal.store, campaign, village, at_desk)
    second = portal.as_(asked_at(portal.store, gate))

    before = second.look(f"/gates/{gate.id}")
    assert "现场没有看到" not in before
    assert 'data-label="初审"' not in before
    assert 'data-label="复审"' not in reviewer.look(f"/gates/{at_desk.id}")
    second.fill_in(
        f"/gates/{gate.id}/decisions",
        {"attempt": "1", "seen_hash": gate.content_hash, "answer": "pass"},
    )

    assert 'data-label="初审"' in second.look(f"/gates/{gate.id}")


def test_leader_recognises_on_the_final_sheet(
    portal: Portal, at_desk: GateRow, campaign: Campaign, village: str, at: At
) -> None:
    at(11, 18)
    subject = f"{CAMPAIGN_ID}/{village}"
    decide_latest(portal.store, "desk_review", subject, by=asked_at(portal.store, at_desk), answer="pass")
    recognition.recognition(portal.store, subject=subject, now=local(campaign, 11, 18))
    with portal.store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "recognition", subject)
        assert gate is not None
    leader = portal.as_("leader-1")

    assert "核定" in leader.look(f"/gates/{gate.id}")
    done = leader.fill_in(
        f"/gates/{gate.id}/decisions",
        {"attempt": "1", "seen_hash": gate.content_hash, "answer": "recognise"},
    )

    assert SAID["decided"] in done.text
    assert decisions.DOORS[0] == rows_of(portal.store, DecisionRow)[-1].door
