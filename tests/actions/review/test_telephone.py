"""Answers by telephone: both names stand with the decision, and the person may object."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from actions.lists import award
from actions.people import second_factor
from actions.review import decisions, telephone
from actions.review.recorded_answers import Recording
from actions.upkeep.audit_words import tell
from records.copies.dump import lines_of, rows_of
from records.people import people
from records.review.gates import decisions_on, latest_gate, seat_duties
from records.runs import carriers
from records.store import Store
from records.tables.messages import OutboxRow
from records.tables.people import CredentialRow, PersonRow
from records.tables.review import DecisionRow, GateRow, ObjectionRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local, recognise

RECORDER = "coordinator-1"
NOTE = "11月17日上午由协调员拨打办公室电话，对方答复材料齐全、同意通过"


def enrolled(store: Store, person_id: str, at: datetime) -> None:
    with store.writing() as session:
        session.add(CredentialRow(person_id=person_id, password_hash="x", set_at=at))
    second_factor.secret_to_enrol(store, person_id=person_id, fresh="S")


def record(store: Store, gate: GateRow, **changed: Any) -> DecisionRow | Refused:
    """What the gate's first holder said, written down on 17 November by the coordinator."""
    with store.reading() as session:
        holder = min(phoning_holders(store, gate))
        zone = latest_gate(session, gate.campaign_id, gate.name, gate.subject)
        assert zone is not None
    usual: dict[str, Any] = {
        "gate_id": gate.id,
        "attempt": gate.attempt,
        "person_id": holder,
        "by": RECORDER,
        "answer": gate_answer(gate),
        "reason": "",
        "note": NOTE,
        "seen_hash": gate.content_hash,
        "step_of": lambda secret: 7 if secret == "S" else None,
        "now": gate.opened_at,
        "host_now": gate.opened_at,
    }
    return telephone.record_by_phone(store, **{**usual, **changed})


def gate_answer(gate: GateRow) -> str:
    return "pass" if gate.name == "desk_review" else "approve"


def phoning_holders(store: Store, gate: GateRow) -> set[str]:
    from actions.review.recorded_answers import seats_asked

    with store.reading() as session:
        return set(seats_asked(session, gate).values())


@pytest.fixture
def gate(at_desk: GateRow, submitting: Store, campaign: Campaign) -> GateRow:
    """A desk review; the coordinator has a telephone that gives codes."""
    enrolled(submitting, RECORDER, local(campaign, 11, 16))
    return at_desk


def test_answer_by_phone_stands_with_both_names_and_the_person_is_told(
    submitting: Store, gate: GateRow
) -> None:
    holder = min(phoning_holders(submitting, gate))

    made = record(submitting, gate)

    assert isinstance(made, DecisionRow)
    assert (made.person_id, made.recorded_by, made.door, made.call_note) == (holder, RECORDER, "phone", NOTE)
    with submitting.reading() as session:
        told = [
            line
            for line in lines_of(session, OutboxRow, ["template", "person_id"])
            if line[0] == "decision_recorded"
        ]
        last = tell(session)[-1]
    assert told == [["decision_recorded", holder]]
    assert (last.what, last.who[:3], last.why["途径"]) == ("代录电话答复", "苏敏之", "电话")
    assert last.why["代谁答复"].startswith(name_of(submitting, holder))


def test_answer_by_phone_of_a_holder_without_the_role_is_refused(submitting: Store, gate: GateRow) -> None:
    with submitting.writing() as session:
        for duty in seat_duties(session, gate).values():
            duty.person_id = "coordinator-2"

    refused = record(submitting, gate)

    assert isinstance(refused, Refused)
    assert refused.code == "wrong_role"


def name_of(store: Store, person_id: str) -> str:
    with store.reading() as session:
        return people.names_of(session)[person_id]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "reviewer-5"}, "not_coordinator"),
        ({"by": "nobody"}, "not_coordinator"),
        ({"note": " "}, "no_note"),
        ({"person_id": "leader-1"}, "not_asked"),
        ({"person_id": RECORDER}, "own_answer"),
        ({"step_of": lambda _: None}, "wrong_code"),
        ({"seen_hash": "0" * 64}, "stale_content"),
        ({"answer": "return"}, "missing_reason"),
        ({"gate_id": 99}, "gate_closed"),
        ({"attempt": 7}, "no_such_gate"),
    ],
)
def test_answer_by_phone_that_cannot_stand_is_refused(
    submitting: Store, gate: GateRow, changed: dict[str, Any], code: str
) -> None:
    refused = record(submitting, gate, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code
    with submitting.reading() as session:
        assert rows_of(session, DecisionRow) == []


def test_code_is_not_used_up_by_what_is_refused_anyway(submitting: Store, gate: GateRow) -> None:
    record(submitting, gate, note="")

    assert isinstance(record(submitting, gate), DecisionRow)


def test_code_is_taken_once(submitting: Store, gate: GateRow) -> None:
    record(submitting, gate, seen_hash="0" * 64)

    again = record(submitting, gate)

    assert isinstance(again, Refused)
    assert again.code == "wrong_code"


def test_coordinator_with_a_conflict_in_the_town_records_nothing(submitting: Store, gate: GateRow) -> None:
    with submitting.writing() as session:
        session.get_one(PersonRow, RECORDER).conflicts = [gate.town_code]

    refused = record(submitting, gate)

    assert isinstance(refused, Refused)
    assert refused.code == "own_town"


def test_coordinator_who_is_asked_records_for_nobody(submitting: Store, gate: GateRow) -> None:
    holder = min(phoning_holders(submitting, gate))
    with submitting.writing() as session:
        session.get_one(PersonRow, holder).roles = ["reviewer", "coordinator"]
    enrolled(submitting, holder, gate.opened_at)

    refused = record(submitting, gate, by=holder, person_id=RECORDER)

    assert isinstance(refused, Refused)
    assert refused.code == "recorder_sits"


def test_only_the_telephone_has_a_recorder(submitting: Store, gate: GateRow) -> None:
    asked: dict[str, Any] = {
        "gate_id": gate.id, "attempt": 1, "by": "reviewer-2", "answer": "pass", "reason": "",
        "seen_hash": gate.content_hash, "now": gate.opened_at,
    }  # fmt: skip

    with pytest.raises(ValueError, match="no such door"):
        decisions.decide(submitting, door="phone", **asked)
    with pytest.raises(ValueError, match="no such door"):
        decisions.decide(submitting, door="portal", recording=Recording(RECORDER, NOTE), **asked)


def test_objection_asks_the_person_again(submitting: Store, gate: GateRow, campaign: Campaign) -> None:
    made = record(submitting, gate)
    assert isinstance(made, DecisionRow)

    done = telephone.object_to(
        submitting, decision_id=made.id, by=made.person_id, words="我说的是退回", now=local(campaign, 11, 18)
    )

    with submitting.reading() as session:
        anew = latest_gate(session, CAMPAIGN_ID, gate.name, gate.subject)
        assert anew is not None
        old = session.get_one(GateRow, gate.id)
        assert (done, old.state, old.answer, anew.attempt, anew.state) == (True, "closed", "pass", 2, "open")
        assert [one.answer for one in decisions_on(session, old)] == ["pass"]
        assert [row.words for row in rows_of(session, ObjectionRow)] == ["我说的是退回"]
        told = {
            line[1]
            for line in lines_of(session, OutboxRow, ["template", "person_id"])
            if line[0] == "answer_disputed"
        }
    assert told == {"coordinator-1", "coordinator-2"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "reviewer-5"}, "not_yours"),
        ({"words": " "}, "no_words"),
        ({"now": datetime.fromisoformat("2020-11-19T00:00:00+08:00")}, "too_late"),
        ({"decision_id": 99}, "no_such_decision"),
    ],
)
def test_objection_that_cannot_be_made_is_refused(
    submitting: Store, gate: GateRow, campaign: Campaign, changed: dict[str, Any], code: str
) -> None:
    made = record(submitting, gate)
    assert isinstance(made, DecisionRow)
    usual = {
        "decision_id": made.id, "by": made.person_id, "words": "不是", "now": local(campaign, 11, 18),
    }  # fmt: skip

    refused = telephone.object_to(submitting, **{**usual, **changed})

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_objection_is_made_once(submitting: Store, gate: GateRow, campaign: Campaign) -> None:
    made = record(submitting, gate)
    assert isinstance(made, DecisionRow)
    said = {"decision_id": made.id, "by": made.person_id, "words": "不是", "now": local(campaign, 11, 18)}
    telephone.object_to(submitting, **said)  # type: ignore[arg-type]

    again = telephone.object_to(submitting, **said)  # type: ignore[arg-type]

    assert again == Refused("objected", "您已经提出过异议，无需重复提交。")


@pytest.fixture
def paying(opened: Store, campaign: Campaign) -> GateRow:
    """An award with two seats before both bureaus."""
    recognise(opened, campaign.villages[0].code)
    now = local(campaign, 12, 1)
    subject = f"{CAMPAIGN_ID}/{campaign.awards[0].level}"
    with opened.writing() as session:
        carriers.enlist(
            session, kind="award", subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[], at=now
        )
    award.propose_awards(opened, subject=subject, now=now)
    enrolled(opened, RECORDER, now)
    with opened.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", subject)
        assert gate is not None
        return gate


def test_one_coordinator_does_not_fill_both_seats(opened: Store, paying: GateRow) -> None:
    first = record(opened, paying, person_id="leader-1")

    second = record(opened, paying, person_id="finance-1", step_of=lambda _: 8)

    assert isinstance(first, DecisionRow)
    assert isinstance(second, Refused)
    assert second.code == "second_recording"


def test_objection_to_half_of_an_open_list_puts_it_forward_anew(
    opened: Store, paying: GateRow, campaign: Campaign
) -> None:
    made = record(opened, paying, person_id="leader-1")
    assert isinstance(made, DecisionRow)

    done = telephone.object_to(
        opened, decision_id=made.id, by="leader-1", words="我没有同意", now=local(campaign, 12, 2)
    )
    award.propose_awards(opened, subject=paying.subject, now=local(campaign, 12, 2))

    with opened.reading() as session:
        anew = latest_gate(session, CAMPAIGN_ID, "award", paying.subject)
        assert anew is not None
        assert (done, session.get_one(GateRow, paying.id).state, anew.attempt) == (True, "superseded", 2)
        assert decisions_on(session, anew) == []
