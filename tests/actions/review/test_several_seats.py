"""A desk review with more seats than one: whose seat an answer takes, and which veto stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.duties.handover import escalate
from actions.review import recognition, verification
from actions.review.decisions import decide
from actions.review.score_sheets import score
from records.duties.duties import lock_duty
from records.review.gates import decisions_on, latest_gate, seat_duties
from records.store import Store
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign, Seat
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local, small_campaign

SEATS = tuple(Seat(f"初审{place}", "reviewer") for place in "甲乙丙")
SUBJECT = f"{CAMPAIGN_ID}/331181100200"


@pytest.fixture
def campaign() -> Campaign:
    """Two of three reviewers are enough."""
    gates = [
        replace(one, seats=SEATS, quorum=2) if one.name == "desk_review" else one
        for one in small_campaign().gates
    ]
    return replace(small_campaign(), gates=tuple(gates))


def holders(store: Store, gate: GateRow) -> dict[str, str]:
    with store.reading() as session:
        return {
            seat: one.person_id for seat, one in seat_duties(session, gate).items() if one.state == "open"
        }


def answer(store: Store, gate: GateRow, *, by: str, answer: str = "pass") -> DecisionRow:
    made = decide(
        store, gate_id=gate.id, attempt=gate.attempt, by=by, answer=answer, reason="详见评分表",
        seen_hash=gate.content_hash, door="portal", now=gate.opened_at,
    )  # fmt: skip
    assert isinstance(made, DecisionRow), made
    return made


def test_answer_takes_the_seat_for_which_its_decider_is_asked(submitting: Store, at_desk: GateRow) -> None:
    asked = holders(submitting, at_desk)

    made = answer(submitting, at_desk, by=asked["初审丙"])

    assert made.seat == "初审丙"
    assert holders(submitting, at_desk) == {seat: one for seat, one in asked.items() if seat != "初审丙"}


def test_answer_of_somebody_who_kept_silent_takes_the_seat_that_passed_on(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    silent = holders(submitting, at_desk)["初审丙"]
    with submitting.writing() as session:
        duty = lock_duty(session, seat_duties(session, at_desk)["初审丙"].id)
        assert escalate(session, campaign, duty, now=at_desk.opened_at) is not None

    made = answer(submitting, at_desk, by=silent)

    assert made.seat == "初审丙"


def test_answer_of_somebody_who_is_not_asked_takes_the_first_free_seat(
    submitting: Store, at_desk: GateRow
) -> None:
    asked = set(holders(submitting, at_desk).values())
    # reviewer-1 has a conflict in this village's town.
    other = next(one for one in ("reviewer-2", "reviewer-5", "reviewer-6") if one not in asked)

    assert answer(submitting, at_desk, by=other).seat == "初审甲"


def test_veto_that_one_reviewer_named_stands_though_the_last_sheet_names_none(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    first, last = list(holders(submitting, at_desk).values())[:2]
    for by, found in ((first, {"V2": "1"}), (last, {})):
        done = score(
            submitting, gate_id=at_desk.id, by=by, adjustments=found, now=at_desk.opened_at,
            reasons=dict.fromkeys(found, "《就业台账》系伪造"),
        )  # fmt: skip
        assert not isinstance(done, Refused)
        answer(submitting, at_desk, by=by, answer="veto" if found else "pass")
    assert verification.desk_review(submitting, subject=SUBJECT, now=local(campaign, 11, 17)) == "veto"
    recognition.recognition(submitting, subject=SUBJECT, now=local(campaign, 11, 17))

    refused = decide_latest(submitting, "recognition", SUBJECT, by="leader-1", answer="recognise")

    assert isinstance(refused, Refused)
    assert refused.code == "vetoed"
    with submitting.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "recognition", SUBJECT)
        assert gate is not None
        assert decisions_on(session, gate) == []
