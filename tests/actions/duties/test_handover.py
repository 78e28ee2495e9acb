"""Handing duties over: to the deputy of a silent reviewer, or as the coordinator says."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.duties import handover, reminders
from actions.review import decisions
from records.copies.dump import lines_of, rows_of
from records.duties.duties import open_duties
from records.duties.handovers import count_deputised
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

# The first village lies in a town on which reviewer-1 must not decide; reviewer-2 is asked first, and
# the line of deputies goes on in order: 3, 4, 5, 6, 1.
ASKED, DEPUTY = "reviewer-2", "reviewer-3"


def fire(store: Store, now: datetime) -> None:
    reminders.fire_rungs(store, campaign_id=CAMPAIGN_ID, now=now)


def holder(store: Store) -> str:
    with store.reading() as session:
        return open_duties(session, CAMPAIGN_ID, kind="gate")[0].person_id


def decide(store: Store, gate: GateRow, by: str, now: datetime) -> DecisionRow | Refused:
    return decisions.decide(
        store,
        gate_id=gate.id,
        attempt=gate.attempt,
        by=by,
        answer="pass",
        reason="",
        seen_hash=gate.content_hash,
        door="portal",
        now=now,
    )


def change(store: Store, person_id: str, **values: object) -> None:
    with store.writing() as session:
        person = session.get_one(PersonRow, person_id)
        for name, value in values.items():
            setattr(person, name, value)


def test_silent_reviewers_duty_passes_to_the_deputy_with_a_message_of_its_own(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    assert holder(submitting) == ASKED

    fire(submitting, local(campaign, 11, 20))

    assert holder(submitting) == DEPUTY
    with submitting.reading() as session:
        mails = lines_of(session, OutboxRow, ["template", "person_id"])
    assert ["gate_opened", DEPUTY] in mails
    assert ["gate_late", "coordinator-1"] in mails


def test_decision_of_a_deputy_is_counted_and_the_silent_one_may_still_be_first(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    fire(submitting, local(campaign, 11, 20))

    done = decide(submitting, at_desk, DEPUTY, local(campaign, 11, 20, 15))

    assert isinstance(done, DecisionRow)
    with submitting.reading() as session:
        assert count_deputised(session, CAMPAIGN_ID) == 1


def test_silent_one_who_answers_after_all_keeps_the_seat(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    fire(submitting, local(campaign, 11, 20))

    done = decide(submitting, at_desk, ASKED, local(campaign, 11, 20, 15))

    assert isinstance(done, DecisionRow)
    with submitting.reading() as session:
        assert count_deputised(session, CAMPAIGN_ID) == 0


def test_deputy_who_must_not_decide_is_passed_over(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    change(submitting, DEPUTY, conflicts=[at_desk.town_code])

    fire(submitting, local(campaign, 11, 20))

    assert holder(submitting) == "reviewer-4"


def test_line_of_deputies_that_comes_round_leaves_the_duty_where_it_is(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    change(submitting, ASKED, deputy="reviewer-1")
    change(submitting, "reviewer-1", deputy=ASKED)

    fire(submitting, local(campaign, 11, 20))

    assert holder(submitting) == ASKED


def test_deputy_without_the_role_is_passed_over_and_may_not_sit(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    change(submitting, ASKED, deputy="coordinator-2")
    change(submitting, "coordinator-2", deputy="reviewer-4")
    fire(submitting, local(campaign, 11, 20))

    refused = decide(submitting, at_desk, "coordinator-2", local(campaign, 11, 20, 15))

    assert (refused_with(refused), holder(submitting)) == ("wrong_role", "reviewer-4")


def test_seat_that_no_deputy_may_take_stays_and_every_coordinator_is_told(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    change(submitting, ASKED, deputy="coordinator-2")
    change(submitting, "coordinator-2", deputy="")

    fire(submitting, local(campaign, 11, 20))

    assert holder(submitting) == ASKED
    assert told(submitting, "duty_stuck") == ["coordinator-1", "coordinator-2"]
    assert told(submitting, "duty_passed") == []


@pytest.mark.parametrize(
    "stranger", ["coordinator-2", "leader-1", "finance-1", "auditor-1", "clerk-331181103"]
)
def test_holder_without_the_role_of_the_seat_decides_nothing(
    submitting: Store, at_desk: GateRow, campaign: Campaign, stranger: str
) -> None:
    with submitting.writing() as session:
        open_duties(session, CAMPAIGN_ID, kind="gate")[0].person_id = stranger

    refused = decide(submitting, at_desk, stranger, local(campaign, 11, 17))

    assert refused_with(refused) == "wrong_role"


def told(store: Store, template: str) -> list[str]:
    with store.reading() as session:
        return sorted(row.person_id for row in rows_of(session, OutboxRow) if row.template == template)


def refused_with(outcome: object) -> str:
    return outcome.code if isinstance(outcome, Refused) else ""


def hand_over(store: Store, campaign: Campaign, **changed: object) -> Refused | None:
    with store.reading() as session:
        gates_open = open_duties(session, CAMPAIGN_ID, kind="gate")
    usual: dict[str, object] = {
        "duty_id": gates_open[0].id if gates_open else 0,
        "to": "reviewer-4",
        "by": "coordinator-1",
        "reason": "初审人员出差",
        "now": local(campaign, 11, 17),
    }
    return handover.hand_over(store, **{**usual, **changed})  # type: ignore[arg-type]


def test_coordinator_reassigns_an_open_duty(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    refused = hand_over(submitting, campaign)

    assert (refused, holder(submitting)) == (None, "reviewer-4")


def test_who_lost_a_seat_is_told_who_has_it_and_why(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    hand_over(submitting, campaign)

    with submitting.reading() as session:
        [row] = [one for one in rows_of(session, OutboxRow) if one.template == "duty_passed"]
    known = {name: row.facts[name] for name in ("subject", "taken_by", "reason")}
    assert (row.person_id, known) == (
        ASKED,
        {"subject": "八都镇第一村材料初审", "taken_by": "蒋雨桐", "reason": "初审人员出差"},
    )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "reviewer-3"}, "not_coordinator"),
        ({"reason": "  "}, "no_reason"),
        ({"to": "nobody"}, "no_account"),
        ({"to": ASKED}, "same_person"),
        ({"to": "reviewer-1"}, "own_town"),
        ({"to": "clerk-331181100"}, "wrong_role"),
        ({"to": "clerk-331181103"}, "wrong_role"),
        ({"to": "coordinator-1"}, "wrong_role"),
        ({"to": "leader-1"}, "wrong_role"),
        ({"to": "finance-1"}, "wrong_role"),
        ({"to": "auditor-1"}, "wrong_role"),
    ],
)
def test_handing_over_to_the_wrong_person_is_refused_and_changes_nothing(
    submitting: Store, at_desk: GateRow, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    refused = hand_over(submitting, campaign, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code
    assert holder(submitting) == ASKED


def test_town_duty_stays_in_its_town(submitting: Store, campaign: Campaign) -> None:
    with submitting.reading() as session:
        duty = open_duties(session, CAMPAIGN_ID, kind="dossier", town_code="331181100")[0]
    foreign = hand_over(submitting, campaign, duty_id=duty.id, to="clerk-331181103")

    own = hand_over(submitting, campaign, duty_id=duty.id, to="head-331181100")

    assert isinstance(foreign, Refused)
    assert foreign.code == "not_your_town"
    assert own is None
    with submitting.reading() as session:
        assert [row.person_id for row in rows_of(session, DutyRow) if row.id == duty.id] == ["head-331181100"]
