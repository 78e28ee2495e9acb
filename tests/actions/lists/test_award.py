"""Awards: two seats, one ledger, and never twice for the same village."""

from __future__ import annotations

import pytest

from actions.campaign import stages
from actions.lists import award, revision
from records.copies.dump import lines_of
from records.lists.ledger import enter
from records.review.gates import latest_gate
from records.runs import bells, carriers
from records.store import Store
from records.tables.lists import DocumentRow, LedgerRow
from records.tables.messages import OutboxRow
from records.tables.review import DecisionRow, GateRow
from rules.campaign.campaign import Campaign, Paid
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local, recognise, small_campaign

FIRST, SECOND, THIRD = "331181100200", "331181100201", "331181103200"
SUBJECT = f"{CAMPAIGN_ID}/county"


@pytest.fixture
def proposing(opened: Store) -> Store:
    """Two villages recognised, the award's run enlisted."""
    for code in (FIRST, SECOND):
        recognise(opened, code)
    with opened.writing() as session:
        at = small_campaign().start_of(small_campaign().stages[0].opens)
        carriers.enlist(
            session, kind="award", subject=SUBJECT, campaign_id=CAMPAIGN_ID, label="", tags=[], at=at
        )
        for town in small_campaign().towns:
            stages.finish_carrier(session, "survey", f"{CAMPAIGN_ID}/{town.code}", heard=10**9, now=at)
    return opened


def propose(store: Store, campaign: Campaign) -> GateRow:
    award.propose_awards(store, subject=SUBJECT, now=local(campaign, 12, 1))
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", SUBJECT)
        assert gate is not None
        return gate


def settle(store: Store, campaign: Campaign) -> bool:
    return award.settle_awards(store, subject=SUBJECT, now=local(campaign, 12, 2))


def approve(store: Store, *people: str) -> list[object]:
    return [decide_latest(store, "award", SUBJECT, by=person, answer="approve") for person in people]


def ledger(store: Store) -> list[list[object]]:
    with store.reading() as session:
        lines = lines_of(session, LedgerRow, ["village_code", "year", "level_yuan", "payable_yuan"])
    return sorted(lines)


def pay_earlier(store: Store, village: str, yuan: int, *, year: int = 2019) -> None:
    at = small_campaign().start_of(small_campaign().stages[0].opens)
    with store.writing() as session:
        enter(session, Paid(village, year, "county", yuan), at=at)


def test_award_needs_both_bureaus_and_two_people(proposing: Store, campaign: Campaign) -> None:
    propose(proposing, campaign)
    first, again = approve(proposing, "leader-1", "leader-2")
    with_one = settle(proposing, campaign)

    [second] = approve(proposing, "finance-1")

    assert isinstance(first, DecisionRow)
    assert isinstance(again, Refused)
    assert isinstance(second, DecisionRow)
    assert (again.code, with_one, settle(proposing, campaign)) == ("taken_seat", False, True)


def test_award_settled_twice_writes_ledger_list_and_messages_once(
    proposing: Store, campaign: Campaign
) -> None:
    propose(proposing, campaign)
    approve(proposing, "leader-1", "finance-1")

    done = [settle(proposing, campaign) for _ in range(2)]

    with proposing.reading() as session:
        documents = lines_of(session, DocumentRow, ["key"])
        told = [line for line in lines_of(session, OutboxRow, ["template"]) if line == ["award_decided"]]
    assert done == [True, True]
    assert ledger(proposing) == [[FIRST, 2020, 10000, 10000], [SECOND, 2020, 10000, 10000]]
    assert (documents, len(told)) == ([[f"{CAMPAIGN_ID}:award:county:1"]], 2)


def test_award_of_a_village_paid_in_an_earlier_year_is_the_difference(
    proposing: Store, campaign: Campaign
) -> None:
    pay_earlier(proposing, FIRST, 4000)
    propose(proposing, campaign)
    approve(proposing, "leader-1", "finance-1")

    settle(proposing, campaign)

    assert ledger(proposing) == [
        [FIRST, 2019, 4000, 4000],
        [FIRST, 2020, 10000, 6000],
        [SECOND, 2020, 10000, 10000],
    ]


def test_award_returned_by_one_bureau_pays_nobody_until_the_coordinator_has_revised_the_list(
    proposing: Store, campaign: Campaign
) -> None:
    first = propose(proposing, campaign)
    approve(proposing, "leader-1")
    decide_latest(proposing, "award", SUBJECT, by="finance-1", answer="return", reason="该村材料存疑。")
    waiting = (settle(proposing, campaign), propose(proposing, campaign).attempt)

    refused = revise(proposing, first, excluded={SECOND: "公示期内有异议，经查属实。"})
    second = propose(proposing, campaign)
    approve(proposing, "leader-1", "finance-1")

    assert (waiting, refused, second.attempt) == ((False, 1), None, 2)
    assert settle(proposing, campaign)
    assert ledger(proposing) == [[FIRST, 2020, 10000, 10000]]


def revise(store: Store, gate: GateRow, **changed: object) -> Refused | None:
    usual: dict[str, object] = {
        "gate_id": gate.id,
        "by": "coordinator-1",
        "excluded": {},
        "note": "已逐村复核。",
        "now": local(small_campaign(), 12, 3),
    }
    return revision.revise(store, **{**usual, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "finance-1"}, "not_coordinator"),
        ({"note": " "}, "no_reason"),
        ({"excluded": {"999": "无此村"}}, "foreign_village"),
        ({"excluded": {FIRST: " "}}, "no_reason"),
        ({}, "not_open"),
    ],
)
def test_revision_that_cannot_be_made_is_refused(
    proposing: Store, campaign: Campaign, changed: dict[str, object], code: str
) -> None:
    gate = propose(proposing, campaign)

    refused = revise(proposing, gate, **changed)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_village_recognised_after_the_list_gets_a_list_of_its_own(
    proposing: Store, campaign: Campaign
) -> None:
    propose(proposing, campaign)
    recognise(proposing, THIRD)
    approve(proposing, "leader-1", "finance-1")
    first_round = (settle(proposing, campaign), ledger(proposing))

    propose(proposing, campaign)
    approve(proposing, "leader-1", "finance-1")

    assert first_round == (False, [[FIRST, 2020, 10000, 10000], [SECOND, 2020, 10000, 10000]])
    assert settle(proposing, campaign)
    assert ledger(proposing)[-1] == [THIRD, 2020, 10000, 10000]


def test_award_waits_for_villages_on_the_supplementary_list(proposing: Store, campaign: Campaign) -> None:
    waiting = f"{CAMPAIGN_ID}/{THIRD}"
    with proposing.writing() as session:
        carriers.enlist(
            session, kind="verification", subject=waiting, campaign_id=CAMPAIGN_ID, label="", tags=[],
            at=local(campaign, 11, 16),
        )  # fmt: skip
    propose(proposing, campaign)
    approve(proposing, "leader-1", "finance-1")

    before = settle(proposing, campaign)
    with proposing.writing() as session:
        heard = bells.newest(session, "award", SUBJECT)
        stages.finish_carrier(session, "verification", waiting, heard=10**9, now=local(campaign, 12, 3))
        rung = bells.newest(session, "award", SUBJECT) > heard

    assert (before, rung, settle(proposing, campaign)) == (False, True, True)


def test_award_approved_on_a_list_that_is_no_longer_true_is_asked_again(
    proposing: Store, campaign: Campaign
) -> None:
    first = propose(proposing, campaign)
    approve(proposing, "leader-1", "finance-1")
    pay_earlier(proposing, FIRST, 4000)

    done = settle(proposing, campaign)
    second = propose(proposing, campaign)

    assert (done, ledger(proposing)) == (False, [[FIRST, 2019, 4000, 4000]])
    assert (second.attempt, second.state) == (2, "open")
    assert second.content_hash != first.content_hash
