"""Decisions whose content no longer counts: said beforehand, told, kept on record, concluded on by nobody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from actions.campaign import stages
from actions.dossiers.uploads import hand_in as hand_in_act
from actions.duties.duties import extend, lapse
from actions.lists import award, recommendation
from actions.review import recognition, reopening, verification
from actions.review.reopening import Reopening
from records.copies.dump import lines_of
from records.duties.duties import duty_with_key
from records.lists.ledger import entries_of
from records.review.gates import decisions_on, latest_gate, seat_duties
from records.review.visits import visits_to
from records.runs import carriers
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.lists import DocumentRow
from records.tables.messages import OutboxRow
from records.tables.review import DecisionRow, GateRow, VisitRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import (
    CAMPAIGN_ID,
    decide_latest,
    dossier_of,
    judge,
    local,
    move_village,
    recognise,
)
from tests.actions.review.test_reopening import asked, passed, recognised, reopen, wake_all_steps
from tests.actions.review.test_verification import (
    SUBJECT,
    VILLAGE,
    answer,
    code_of,
    gate_named,
    score,
    see,
    village_of,
)
from tests.conftest import rows_of

__all__ = ("asked", "passed", "recognised")

OTHER = "331181100201"
AWARD = f"{CAMPAIGN_ID}/county"
VETO = {"adjustments": {"V2": "1"}, "reasons": {"V2": "《就业台账》系伪造"}}


def lines_before(store: Store, name: str) -> tuple[str, ...]:
    with store.reading() as session:
        planned = reopening.preview(session, gate_named(store, name))
    assert isinstance(planned, Reopening)
    return planned.lines


def told(store: Store, template: str) -> list[tuple[str, str]]:
    """(who, the gate or what they read about) of every message of one template."""
    found = [one for one in rows_of(store, OutboxRow) if one.template == template]
    return [(one.person_id, one.facts.get("what") or one.facts["gate"]) for one in found]


def find_veto(store: Store, campaign: Campaign) -> None:
    """Reviewer A finds a veto at the desk review that is open now."""
    assert not isinstance(score(store, campaign, **VETO), Refused)
    assert isinstance(answer(store, campaign, name="desk_review", answer="veto", reason="伪造"), DecisionRow)


def conclude(store: Store, campaign: Campaign) -> str | None:
    """What a wake does once the desk review has vetoed."""
    assert verification.desk_review(store, subject=SUBJECT, now=local(campaign, 11, 21)) == "veto"
    return recognition.recognition(store, subject=SUBJECT, now=local(campaign, 11, 21))


# --- recognition ---------------------------------------------------------------------------------


@pytest.fixture
def decided(asked: Store, campaign: Campaign) -> Store:
    """The leader has recognised the village, and its run has not woken since."""
    made = answer(asked, campaign, name="recognition", answer="recognise", by="leader-1")
    assert isinstance(made, DecisionRow)
    return asked


def test_desk_review_reopened_names_the_recognition_that_was_decided_already(
    decided: Store, campaign: Campaign
) -> None:
    named = "“龙泉市级认定”第1次已作出的决定“认定”不再作数(保留在案)，此后重新提请。"

    assert named in lines_before(decided, "desk_review")


def test_decided_recognition_is_overtaken_kept_and_its_decider_told(
    decided: Store, campaign: Campaign
) -> None:
    reopen(decided, gate_named(decided, "desk_review"), campaign)

    gate = gate_named(decided, "recognition")
    with decided.reading() as session:
        kept = [(one.person_id, one.answer) for one in decisions_on(session, gate)]
    assert (gate.state, gate.answer, kept) == ("superseded", "recognise", [("leader-1", "recognise")])
    assert told(decided, "decision_overtaken") == [("leader-1", "龙泉市级认定")]


def test_village_vetoed_after_it_was_decided_never_ends_recognised(
    decided: Store, campaign: Campaign
) -> None:
    reopen(decided, gate_named(decided, "desk_review"), campaign)
    find_veto(decided, campaign)

    first = conclude(decided, campaign)
    refused = answer(decided, campaign, name="recognition", answer="recognise", by="leader-1")
    answer(decided, campaign, name="recognition", answer="refuse", by="leader-1", reason="伪造")

    assert (first, code_of(refused), gate_named(decided, "recognition").attempt) == (None, "vetoed", 2)
    assert conclude(decided, campaign) == "vetoed"


def test_veto_of_the_desk_review_holds_though_a_visit_saw_it_otherwise(
    passed: Store,
    campaign: Campaign,
) -> None:
    with passed.writing() as session:
        visits_to(session, CAMPAIGN_ID, VILLAGE)[0].adjustments = {"V2": "0"}
    reopen(passed, gate_named(passed, "desk_review"), campaign)
    find_veto(passed, campaign)
    conclude(passed, campaign)

    refused = answer(passed, campaign, name="recognition", answer="recognise", by="leader-1")
    answer(passed, campaign, name="recognition", answer="refuse", by="leader-1", reason="伪造")

    assert (code_of(refused), conclude(passed, campaign)) == ("vetoed", "vetoed")


def test_recognition_due_in_a_wake_that_a_reopening_overtook_asks_nobody(
    passed: Store,
    campaign: Campaign,
) -> None:
    reopen(passed, gate_named(passed, "desk_review"), campaign)

    outcome = recognition.recognition(passed, subject=SUBJECT, now=local(campaign, 11, 20))

    with passed.reading() as session:
        assert (outcome, latest_gate(session, CAMPAIGN_ID, "recognition", SUBJECT)) == (None, None)


def later_visit(store: Store, campaign: Campaign, adjustments: dict[str, str]) -> None:
    """Something found in the village that changes what its sheet adds up to."""
    with store.writing() as session:
        session.add(
            VisitRow(
                campaign_id=CAMPAIGN_ID, village_code=VILLAGE, visited_by="reviewer-3", notes="复核",
                upload_id=gate_named(store, "desk_review").upload_id, adjustments=adjustments,
                visited_at=local(campaign, 11, 19),
            )
        )  # fmt: skip


def test_recognition_decided_on_points_that_changed_since_is_asked_anew(
    decided: Store, campaign: Campaign
) -> None:
    later_visit(decided, campaign, {"B1.3": "1"})

    outcome = wake_all_steps(decided, campaign)

    anew = gate_named(decided, "recognition")
    assert (outcome, anew.attempt, anew.state) == (None, 2, "open")
    assert told(decided, "decision_overtaken") == [("leader-1", "龙泉市级认定")]
    answer(decided, campaign, name="recognition", answer="recognise", by="leader-1")
    assert wake_all_steps(decided, campaign) == "recognised"


def test_recognition_that_shows_an_older_sheet_takes_no_decision_and_is_laid_anew(
    asked: Store,
    campaign: Campaign,
) -> None:
    later_visit(asked, campaign, {"B1.3": "1"})

    refused = answer(asked, campaign, name="recognition", answer="recognise", by="leader-1")

    assert code_of(refused) == "stale_content"
    assert wake_all_steps(asked, campaign) is None
    assert (gate_named(asked, "recognition").attempt, told(asked, "duty_ended")) == (
        2,
        [("leader-1", "八都镇第一村龙泉市级认定")],
    )


# --- second review and its correction ------------------------------------------------------------


@pytest.fixture
def doubted(passed: Store, campaign: Campaign) -> Store:
    """A visit found forged papers, so that reviewer B is asked too."""
    with passed.writing() as session:
        visits_to(session, CAMPAIGN_ID, VILLAGE)[0].adjustments = {"V2": "1"}
    assert verification.second_review(passed, subject=SUBJECT, now=local(campaign, 11, 19)) is None
    return passed


def second(store: Store, campaign: Campaign, said: str) -> None:
    with store.reading() as session:
        [duty] = seat_duties(session, gate_named(store, "second_review")).values()
    made = answer(store, campaign, name="second_review", answer=said, by=duty.person_id, reason="请补台账")
    assert isinstance(made, DecisionRow)


def test_second_review_passed_before_is_overtaken_and_asked_anew(doubted: Store, campaign: Campaign) -> None:
    second(doubted, campaign, "pass")
    named = "“材料复审”第1次已作出的决定“通过”不再作数(保留在案)，此后重新提请。"
    assert named in lines_before(doubted, "desk_review")

    reopen(doubted, gate_named(doubted, "desk_review"), campaign)
    before = gate_named(doubted, "second_review").state
    answer(doubted, campaign, name="desk_review", answer="pass")

    assert (before, wake_all_steps(doubted, campaign)) == ("superseded", None)
    anew = gate_named(doubted, "second_review")
    assert (anew.attempt, anew.state) == (2, "open")


@pytest.fixture
def sent_back(doubted: Store, campaign: Campaign) -> Store:
    """Reviewer B has returned the dossier; its town is correcting it."""
    second(doubted, campaign, "return")
    assert verification.second_review(doubted, subject=SUBJECT, now=local(campaign, 11, 19)) is None
    assert village_of(doubted).state == "returned"
    return doubted


def test_correction_of_an_overtaken_review_is_taken_back_and_its_clerk_told(
    sent_back: Store, campaign: Campaign
) -> None:
    assert isinstance(reopen(sent_back, gate_named(sent_back, "desk_review"), campaign), GateRow)

    with sent_back.reading() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"correction:{VILLAGE}#1:second_review")
        assert duty is not None
    assert (duty.state, village_of(sent_back).state) == ("cancelled", "under_review")
    assert ("clerk-331181100", "八都镇第一村补正材料") in told(sent_back, "duty_ended")


def test_correction_that_is_being_checked_is_not_taken_back(sent_back: Store, campaign: Campaign) -> None:
    corrected = hand_in_act(
        sent_back, campaign_id=CAMPAIGN_ID, village_code=VILLAGE, data=dossier_of(VILLAGE, 2),
        by="clerk-331181100", now=local(campaign, 11, 19, 11), host_now=local(campaign, 11, 19, 11),
    )  # fmt: skip
    assert isinstance(corrected, UploadRow)

    refused = reopen(sent_back, gate_named(sent_back, "desk_review"), campaign)

    assert code_of(refused) == "unchecked"
    assert judge(sent_back, corrected, now=local(campaign, 11, 20)) == "accepted"


# --- visits that end with their village ----------------------------------------------------------


@pytest.fixture
def unseen(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """Passed at its desk review, its visit owed."""
    answer(submitting, campaign, name="desk_review", answer="pass")
    assert verification.site_visit(submitting, subject=SUBJECT, now=local(campaign, 11, 17)) is None
    return submitting


def visit_state(store: Store) -> str:
    with store.reading() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"visit:{VILLAGE}")
        assert duty is not None
        return duty.state


def test_visit_still_owed_ends_with_the_village_and_is_owed_again_when_it_is_reconsidered(
    unseen: Store, campaign: Campaign
) -> None:
    reopen(unseen, gate_named(unseen, "desk_review"), campaign)
    find_veto(unseen, campaign)
    conclude(unseen, campaign)
    answer(unseen, campaign, name="recognition", answer="refuse", by="leader-1", reason="伪造")
    assert conclude(unseen, campaign) == "vetoed"
    ended = visit_state(unseen)

    reopen(unseen, gate_named(unseen, "recognition"), campaign)
    reopen(unseen, gate_named(unseen, "desk_review"), campaign)
    score(unseen, campaign)
    answer(unseen, campaign, name="desk_review", answer="pass")

    assert (ended, wake_all_steps(unseen, campaign), visit_state(unseen)) == ("cancelled", None, "open")
    assert see(unseen, campaign) is None


def test_visit_ends_with_a_village_that_lapses_and_its_run_waits_for_a_correction_given_more_time(
    unseen: Store, campaign: Campaign
) -> None:
    reopen(unseen, gate_named(unseen, "desk_review"), campaign)
    answer(unseen, campaign, name="desk_review", answer="return", reason="缺两人")
    verification.desk_review(unseen, subject=SUBJECT, now=local(campaign, 11, 18))
    with unseen.reading() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"correction:{VILLAGE}#2:desk_review")
        assert duty is not None
    later = local(campaign, 12, 1)
    lapse(unseen, duty_id=duty.id, now=later)

    outcome = verification.desk_review(unseen, subject=SUBJECT, now=later)

    assert (outcome, visit_state(unseen)) == ("lapsed", "cancelled")

    extend(
        unseen, duty_id=duty.id, by="coordinator-1", due_at=local(campaign, 12, 9), lock_at=local(campaign, 12, 9),
        reason="补报", now=later,
    )  # fmt: skip

    assert verification.desk_review(unseen, subject=SUBJECT, now=later) is None


# --- lists ---------------------------------------------------------------------------------------


@pytest.fixture
def listed(recognised: Store, campaign: Campaign) -> Store:
    """Two villages recognised, the ranking and the payment list before the bureaus."""
    recognise(recognised, OTHER)
    now = local(campaign, 11, 26)
    with recognised.writing() as session:
        for kind, subject in (("recommendation", CAMPAIGN_ID), ("award", AWARD)):
            carriers.enlist(
                session, kind=kind, subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[], at=now
            )
        for town in campaign.towns:
            stages.finish_carrier(session, "survey", f"{CAMPAIGN_ID}/{town.code}", heard=10**9, now=now)
    recommendation.rank_villages(recognised, subject=CAMPAIGN_ID, now=now)
    award.propose_awards(recognised, subject=AWARD, now=now)
    return recognised


def list_gate(store: Store, name: str) -> GateRow:
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, name, AWARD if name == "award" else CAMPAIGN_ID)
        assert gate is not None
        return gate


def approve(store: Store, name: str, *people: str) -> None:
    subject = AWARD if name == "award" else CAMPAIGN_ID
    for person in people:
        made = decide_latest(store, name, subject, by=person, answer="approve")
        assert isinstance(made, DecisionRow)


def test_lists_decided_but_not_yet_out_of_the_house_are_overtaken_and_their_deciders_told(
    listed: Store, campaign: Campaign
) -> None:
    approve(listed, "recommendation", "leader-1")
    approve(listed, "award", "leader-1", "finance-1")
    assert lines_before(listed, "recognition")[-2:] == (
        "“推荐丽水市级”第1次已作出的决定“同意”不再作数(保留在案)，此后重新提请。",
        "“奖补发放”第1次已作出的决定“同意”不再作数(保留在案)，此后重新提请。",
    )

    reopen(listed, gate_named(listed, "recognition"), campaign)

    now = local(campaign, 11, 27)
    assert [list_gate(listed, name).state for name in ("recommendation", "award")] == ["superseded"] * 2
    assert not recommendation.send_upward(listed, subject=CAMPAIGN_ID, now=now)
    assert not award.settle_awards(listed, subject=AWARD, now=now)
    assert told(listed, "decision_overtaken") == [
        ("leader-1", "推荐丽水市级"), ("leader-1", "奖补发放"), ("finance-1", "奖补发放"),
    ]  # fmt: skip
    with listed.reading() as session:
        assert (entries_of(session, CAMPAIGN_ID), lines_of(session, DocumentRow, ["key"])) == ([], [])


def test_half_an_answer_to_an_open_list_is_named_and_told(listed: Store, campaign: Campaign) -> None:
    approve(listed, "award", "leader-1")
    assert "待答复的“奖补发放”作废(已有1席答复，保留在案)，此后重新提请。" in lines_before(
        listed, "recognition"
    )

    reopen(listed, gate_named(listed, "recognition"), campaign)

    assert told(listed, "decision_overtaken") == [("leader-1", "奖补发放")]
    assert ("finance-1", "奖补发放") in told(listed, "duty_ended")


def test_list_that_was_sent_is_not_called_back(listed: Store, campaign: Campaign) -> None:
    approve(listed, "recommendation", "leader-1")
    assert recommendation.send_upward(listed, subject=CAMPAIGN_ID, now=local(campaign, 11, 27))

    lines = lines_before(listed, "recognition")
    reopen(listed, gate_named(listed, "recognition"), campaign)
    recommendation.rank_villages(listed, subject=CAMPAIGN_ID, now=local(campaign, 11, 28))

    assert "该社区(村)在已报送的推荐名单中：名单不会自动收回，请另行函告上级。" in lines
    assert (list_gate(listed, "recommendation").attempt, list_gate(listed, "recommendation").state) == (
        1,
        "closed",
    )


def test_list_on_which_the_village_does_not_stand_is_left_alone(listed: Store, campaign: Campaign) -> None:
    reopen(listed, gate_named(listed, "recognition"), campaign)
    now = local(campaign, 11, 27)
    recommendation.rank_villages(listed, subject=CAMPAIGN_ID, now=now)
    award.propose_awards(listed, subject=AWARD, now=now)

    reopen(listed, gate_named(listed, "desk_review"), campaign)

    stand = [
        (list_gate(listed, name).attempt, list_gate(listed, name).state)
        for name in ("recommendation", "award")
    ]
    assert stand == [(2, "open"), (2, "open")]


Conclude = Callable[[Store, Campaign], bool]


def send(store: Store, campaign: Campaign) -> bool:
    return recommendation.send_upward(store, subject=CAMPAIGN_ID, now=local(campaign, 11, 28))


def pay(store: Store, campaign: Campaign) -> bool:
    return award.settle_awards(store, subject=AWARD, now=local(campaign, 11, 28))


@pytest.mark.parametrize(
    ("name", "people", "act"),
    [("recommendation", ("leader-1",), send), ("award", ("leader-1", "finance-1"), pay)],
)
def test_list_approved_with_a_village_that_is_no_longer_recognised_is_drawn_up_anew(
    listed: Store, campaign: Campaign, name: str, people: tuple[str, ...], act: Conclude
) -> None:
    approve(listed, name, *people)
    move_village(listed, OTHER, "under_review")

    gone = act(listed, campaign)
    ask = recommendation.rank_villages if name == "recommendation" else award.propose_awards
    ask(listed, subject=list_gate(listed, name).subject, now=local(campaign, 11, 28))

    anew = list_gate(listed, name)
    assert (gone, anew.attempt, anew.state) == (False, 2, "open")
    assert told(listed, "decision_overtaken") == [(one, campaign.gate(name).title) for one in people]


def test_award_ends_when_the_only_village_of_an_overtaken_list_is_refused(
    listed: Store, campaign: Campaign
) -> None:
    reopen(listed, gate_named(listed, "recognition"), campaign)
    for code in (VILLAGE, OTHER):
        move_village(listed, code, "not_recognised")
    with listed.writing() as session:
        for carrier in carriers.of_campaign(session, CAMPAIGN_ID):
            carrier.state = "done"

    assert pay(listed, campaign)


# --- at once -------------------------------------------------------------------------------------


@pytest.mark.parametrize("_", range(3))
def test_decision_and_reopening_at_once_leave_no_acknowledged_decision_untold(
    asked: Store,
    campaign: Campaign,
    _: int,
) -> None:
    start = Barrier(2)

    def decide() -> DecisionRow | Refused:
        start.wait()
        return answer(asked, campaign, name="recognition", answer="recognise", by="leader-1")

    def ask_again() -> GateRow | Refused:
        start.wait()
        return reopen(asked, gate_named(asked, "desk_review"), campaign)

    with ThreadPoolExecutor(2) as pool:
        deciding, reopening_ = pool.submit(decide), pool.submit(ask_again)
        made, anew = deciding.result(), reopening_.result()

    accepted = isinstance(made, DecisionRow)
    assert isinstance(anew, GateRow)
    assert accepted or code_of(made) == "gate_closed"
    assert gate_named(asked, "recognition").state == "superseded"
    assert len(rows_of(asked, DecisionRow)) == 1 + accepted
    assert told(asked, "decision_overtaken") == [("leader-1", "龙泉市级认定")] * accepted
    assert verification.desk_review(asked, subject=SUBJECT, now=local(campaign, 11, 21)) is None
