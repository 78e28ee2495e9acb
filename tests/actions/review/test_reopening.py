"""Gates asked once more: nothing that was decided is changed, what rests on it is asked anew."""

from __future__ import annotations

from typing import Any

import pytest

from actions.campaign import stages
from actions.dossiers.withdrawal import withdraw
from actions.lists import award as award_acts
from actions.lists import recommendation
from actions.review import gates, recognition, reopening, verification
from actions.review.reopening import Reopening
from records.copies.dump import lines_of, rows_of
from records.duties.duties import duty_with_key, open_duties
from records.review.gates import decisions_on, latest_gate
from records.runs import bells, carriers
from records.store import Store
from records.tables.campaign import CampaignRow, StageRow, VillageRow
from records.tables.lists import LedgerRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow, ReopeningRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn, local
from tests.actions.review.test_verification import SUBJECT, VILLAGE, answer, gate_named, see, village_of


def reopen(store: Store, gate: GateRow, campaign: Campaign, **changed: Any) -> GateRow | Refused:
    usual: dict[str, Any] = {
        "gate_id": gate.id,
        "by": "coordinator-1",
        "reason": "原始台账核对有误",
        "now": local(campaign, 11, 20),
    }
    return reopening.reopen_gate(store, **{**usual, **changed})


@pytest.fixture
def passed(submitting: Store, at_desk: GateRow, campaign: Campaign) -> Store:
    """The first village passed at its desk review and seen in its place."""
    answer(submitting, campaign, name="desk_review", answer="pass")
    verification.site_visit(submitting, subject=SUBJECT, now=local(campaign, 11, 17))
    see(submitting, campaign)
    return submitting


@pytest.fixture
def asked(passed: Store, campaign: Campaign) -> Store:
    """The bureau is asked to recognise it."""
    assert recognition.recognition(passed, subject=SUBJECT, now=local(campaign, 11, 18)) is None
    return passed


@pytest.fixture
def recognised(asked: Store, campaign: Campaign) -> Store:
    answer(asked, campaign, name="recognition", answer="recognise", by="leader-1")
    assert recognition.recognition(asked, subject=SUBJECT, now=local(campaign, 11, 19)) == "recognised"
    with asked.writing() as session:
        stages.finish_carrier(session, "verification", SUBJECT, heard=10**9, now=local(campaign, 11, 19))
    return asked


def wake_all_steps(store: Store, campaign: Campaign) -> str | None:
    """What the village's run does on a wake."""
    now = local(campaign, 11, 20, 12)
    if verification.desk_review(store, subject=SUBJECT, now=now) != "pass":
        return None
    for step in (verification.site_visit, verification.second_review):
        if step(store, subject=SUBJECT, now=now) is None:
            return None
    return recognition.recognition(store, subject=SUBJECT, now=now)


def test_recognition_reopened_is_asked_anew_and_the_first_answer_stays(
    recognised: Store, campaign: Campaign
) -> None:
    old = gate_named(recognised, "recognition")

    anew = reopen(recognised, old, campaign)

    assert isinstance(anew, GateRow)
    with recognised.reading() as session:
        kept = session.get_one(GateRow, old.id)
        assert (kept.state, kept.answer, len(decisions_on(session, kept))) == ("closed", "recognise", 1)
        assert [(row.next_gate_id, row.reason) for row in rows_of(session, ReopeningRow)] == [
            (anew.id, "原始台账核对有误")
        ]
        carrier = session.get_one(CarrierRow, ("verification", SUBJECT))
        assert (carrier.state, carrier.generation) == ("new", 2)
        assert SUBJECT in {call.subject for call in bells.waiting(session, limit=9)}
        told = [
            line
            for line in lines_of(session, OutboxRow, ["template", "person_id"])
            if line[0] == "gate_reopened"
        ]
    assert (anew.attempt, village_of(recognised).state) == (2, "under_review")
    assert {person for _, person in told} == {"leader-1", "clerk-331181100", "head-331181100"}
    assert wake_all_steps(recognised, campaign) is None


def test_second_answer_of_a_reopened_recognition_counts_and_is_told(
    recognised: Store, campaign: Campaign
) -> None:
    reopen(recognised, gate_named(recognised, "recognition"), campaign)
    answer(recognised, campaign, name="recognition", answer="refuse", by="leader-1", reason="台账不实")

    assert wake_all_steps(recognised, campaign) == "not_recognised"
    with recognised.reading() as session:
        told = [
            line[0]
            for line in lines_of(session, OutboxRow, ["template", "key"])
            if line[0] in ("village_recognised", "village_refused")
        ]
    assert sorted(told) == ["village_recognised", "village_refused"]


def test_desk_review_reopened_overtakes_the_recognition_that_rests_on_it(
    asked: Store, campaign: Campaign
) -> None:
    waiting = gate_named(asked, "recognition")

    anew = reopen(asked, gate_named(asked, "desk_review"), campaign)

    assert isinstance(anew, GateRow)
    assert gate_named(asked, "recognition").state == "superseded"
    with asked.reading() as session:
        open_seats = [duty.facts["gate_id"] for duty in open_duties(session, CAMPAIGN_ID, kind="gate")]
    assert (waiting.id in open_seats, anew.id in open_seats) == (False, True)

    answer(asked, campaign, name="desk_review", answer="pass")
    assert wake_all_steps(asked, campaign) is None
    assert (gate_named(asked, "recognition").attempt, gate_named(asked, "recognition").state) == (2, "open")


def test_return_taken_back_cancels_the_correction(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    answer(submitting, campaign, name="desk_review", answer="return", reason="缺两人")
    verification.desk_review(submitting, subject=SUBJECT, now=local(campaign, 11, 17))

    anew = reopen(submitting, at_desk, campaign)

    assert isinstance(anew, GateRow)
    with submitting.reading() as session:
        duty = duty_with_key(session, CAMPAIGN_ID, f"correction:{VILLAGE}#1:desk_review")
        assert duty is not None
        assert (duty.state, village_of(submitting).state) == ("cancelled", "under_review")
    assert wake_all_steps(submitting, campaign) is None


def test_preview_tells_what_moves_and_moves_nothing(recognised: Store, campaign: Campaign) -> None:
    with recognised.reading() as session:
        planned = reopening.preview(session, gate_named(recognised, "recognition"))

    assert isinstance(planned, Reopening)
    assert planned.lines == (
        "“龙泉市级认定”第1次的决定“认定”保留在案，另开第2次，2个工作日内答复。",
        "重新答复的席位：人社局(局分管领导)。",
        "第一村由“已认定”恢复为“审核中”。",
    )
    assert village_of(recognised).state == "recognised"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "reviewer-2"}, "not_coordinator"),
        ({"reason": " "}, "no_reason"),
        ({"gate_id": 99}, "no_such_gate"),
    ],
)
def test_reopening_that_nobody_may_order_is_refused(
    recognised: Store, campaign: Campaign, changed: dict[str, Any], code: str
) -> None:
    refused = reopen(recognised, gate_named(recognised, "recognition"), campaign, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code


def refusal(store: Store, gate: GateRow, campaign: Campaign) -> str:
    refused = reopen(store, gate, campaign)
    assert isinstance(refused, Refused)
    return refused.code


def test_gate_that_is_open_needs_no_reopening(
    at_desk: GateRow, submitting: Store, campaign: Campaign
) -> None:
    assert refusal(submitting, at_desk, campaign) == "still_open"


def test_gate_before_a_concluded_recognition_is_not_reopened(recognised: Store, campaign: Campaign) -> None:
    assert refusal(recognised, gate_named(recognised, "desk_review"), campaign) == "concluded"


def test_older_attempt_is_not_reopened(recognised: Store, campaign: Campaign) -> None:
    first = gate_named(recognised, "recognition")
    reopen(recognised, first, campaign)

    assert refusal(recognised, first, campaign) == "not_latest"


def test_review_of_older_content_is_not_reopened(
    submitting: Store, at_desk: GateRow, hand_in: HandIn, campaign: Campaign
) -> None:
    from tests.actions.conftest import dossier_of, judge

    answer(submitting, campaign, name="desk_review", answer="return", reason="缺两人")
    verification.desk_review(submitting, subject=SUBJECT, now=local(campaign, 11, 17))
    corrected = hand_in(data=dossier_of(VILLAGE, 2), now=local(campaign, 11, 18))
    judge(submitting, corrected, now=local(campaign, 11, 18, 11))  # type: ignore[arg-type]

    assert refusal(submitting, at_desk, campaign) == "newer_content"


def test_gate_of_a_village_whose_dossier_was_withdrawn_is_not_reopened(
    submitting: Store, at_desk: GateRow, hand_in: HandIn, campaign: Campaign
) -> None:
    from tests.actions.conftest import dossier_of, judge

    answer(submitting, campaign, name="desk_review", answer="return", reason="缺两人")
    verification.desk_review(submitting, subject=SUBJECT, now=local(campaign, 11, 17))
    corrected = hand_in(data=dossier_of(VILLAGE, 2), now=local(campaign, 11, 18))
    judge(submitting, corrected, now=local(campaign, 11, 18, 11))  # type: ignore[arg-type]
    taken_back = withdraw(
        submitting, campaign_id=CAMPAIGN_ID, village_code=VILLAGE, by="clerk-331181100",
        now=local(campaign, 11, 18, 12),
    )  # fmt: skip
    assert not isinstance(taken_back, Refused)

    assert refusal(submitting, at_desk, campaign) == "nothing_counts"


def test_village_in_the_ledger_is_not_reopened(recognised: Store, campaign: Campaign) -> None:
    with recognised.writing() as session:
        session.add(
            LedgerRow(
                campaign_id=CAMPAIGN_ID, village_code=VILLAGE, year=2020, level="county", level_yuan=10000,
                payable_yuan=10000, document="", decided_at=local(campaign, 12, 1), key="paid once",
            )
        )  # fmt: skip

    assert refusal(recognised, gate_named(recognised, "recognition"), campaign) == "awarded"


def test_lapsed_village_and_ended_campaign_are_not_reopened(recognised: Store, campaign: Campaign) -> None:
    gate = gate_named(recognised, "recognition")
    with recognised.writing() as session:
        session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)).state = "lapsed"
    assert refusal(recognised, gate, campaign) == "lapsed_village"

    with recognised.writing() as session:
        session.get_one(CampaignRow, CAMPAIGN_ID).closed_at = local(campaign, 12, 20)
    assert refusal(recognised, gate, campaign) == "campaign_over"


def test_lists_are_not_reopened_but_revised_or_corrected_outside(
    recognised: Store, campaign: Campaign
) -> None:
    now = local(campaign, 11, 26)
    with recognised.writing() as session:
        for kind in ("recommendation", "award"):
            subject = CAMPAIGN_ID if kind == "recommendation" else f"{CAMPAIGN_ID}/county"
            carriers.enlist(
                session, kind=kind, subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[], at=now
            )
    recommendation.rank_villages(recognised, subject=CAMPAIGN_ID, now=now)
    award_acts.propose_awards(recognised, subject=f"{CAMPAIGN_ID}/county", now=now)
    with recognised.reading() as session:
        ranking = latest_gate(session, CAMPAIGN_ID, "recommendation", CAMPAIGN_ID)
        award = latest_gate(session, CAMPAIGN_ID, "award", f"{CAMPAIGN_ID}/county")
        assert ranking is not None
        assert award is not None

    anew = reopen(recognised, gate_named(recognised, "recognition"), campaign, now=now)

    assert isinstance(anew, GateRow)
    with recognised.reading() as session:
        states = [session.get_one(GateRow, one.id).state for one in (ranking, award)]
    assert states == ["superseded", "superseded"]
    recommendation.rank_villages(recognised, subject=CAMPAIGN_ID, now=now)
    with recognised.reading() as session:
        second = latest_gate(session, CAMPAIGN_ID, "recommendation", CAMPAIGN_ID)
        assert second is not None
        assert second.attempt == 2
    for said, code in (("approve", "list_decided"), ("return", "revise_instead")):
        with recognised.writing() as session:
            row = session.get_one(GateRow, second.id)
            row.state, row.answer = "closed", said
        assert refusal(recognised, second, campaign) == code


def test_village_reopened_after_the_stage_is_supplementary(recognised: Store, campaign: Campaign) -> None:
    with recognised.writing() as session:
        session.get_one(StageRow, (CAMPAIGN_ID, "verification")).state = "closed"

    reopen(recognised, gate_named(recognised, "recognition"), campaign)

    assert village_of(recognised).supplementary is True


def test_second_review_reopened_asks_none_who_reviewed_first(passed: Store, campaign: Campaign) -> None:
    with passed.writing() as session:
        question = verification.question_about(
            campaign, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE)), name="second_review",
            content_hash=gate_named(passed, "desk_review").content_hash, asked={"复审": "reviewer-3"},
            upload=verification.accepted_upload(session, session.get_one(VillageRow, (CAMPAIGN_ID, VILLAGE))),
        )  # fmt: skip
        gates.open_gate(session, campaign, question, attempt=1, now=local(campaign, 11, 18))
    answer(passed, campaign, name="second_review", answer="pass", by="reviewer-3")

    anew = reopen(passed, gate_named(passed, "second_review"), campaign)

    assert isinstance(anew, GateRow)
    refused = answer(passed, campaign, name="second_review", answer="pass", by="reviewer-2")
    assert isinstance(refused, Refused)
    assert refused.code == "same_eyes"


def test_award_run_that_was_done_waits_again(recognised: Store, campaign: Campaign) -> None:
    subject = f"{CAMPAIGN_ID}/county"
    now = local(campaign, 12, 1)
    with recognised.writing() as session:
        carriers.enlist(
            session, kind="award", subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[], at=now
        )
        stages.finish_carrier(session, "award", subject, heard=10**9, now=now)

    reopen(recognised, gate_named(recognised, "recognition"), campaign, now=now)

    with recognised.reading() as session:
        assert session.get_one(CarrierRow, ("award", subject)).state == "new"
