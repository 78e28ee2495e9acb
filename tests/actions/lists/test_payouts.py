"""Payments confirmed with day and voucher; a village's rows across years and mergers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.lists import award
from actions.lists.payouts import confirm_payouts, history_of
from records.lists.ledger import enter, entries_of, payouts_of
from records.review.gates import latest_gate
from records.store import Session, Store
from records.tables.people import PersonRow
from records.tables.review import DecisionRow, GateRow, ScoreRow, VisitRow
from records.tables.visits import VisitSignatureRow
from rules.campaign.campaign import Paid
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, decide_latest, local, recognise, small_campaign
from tests.actions.lists.test_results import COUNTY, FIRST, LATER, SECOND, open_under

Part = Callable[[Session, str], object]
"""How somebody has a part in a village's score."""


@pytest.fixture
def paid(store: Store) -> Store:
    """Two villages with 10,000 each in the ledger, decided on 2 December."""
    open_under(store, "difference")
    return store


def confirm(store: Store, **changed: Any) -> int | Refused:
    usual: dict[str, Any] = {
        "campaign_id": CAMPAIGN_ID,
        "ledger_ids": [1, 2],
        "paid_on": date(2020, 12, 25),
        "voucher": " 财预 2020-118 ",
        "by": "finance-1",
        "now": LATER,
    }
    return confirm_payouts(store, **{**usual, **changed})


def ids(store: Store) -> list[int]:
    with store.reading() as session:
        return [row.id for row in entries_of(session, CAMPAIGN_ID)]


def test_payment_is_confirmed_once_with_its_day_and_voucher(paid: Store) -> None:
    rows = ids(paid)

    done = [confirm(paid, ledger_ids=rows), confirm(paid, ledger_ids=rows[:1])]

    assert done[0] == 2
    assert isinstance(done[1], Refused)
    with paid.reading() as session:
        kept = payouts_of(session, rows)[rows[0]]
    assert (done[1].code, kept.paid_on, kept.voucher, kept.by) == (
        "already_confirmed", date(2020, 12, 25), "财预 2020-118", "finance-1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "coordinator-1"}, "not_finance"),
        ({"voucher": " "}, "no_voucher"),
        ({"ledger_ids": [999]}, "no_such_entry"),
        ({"ledger_ids": []}, "no_such_entry"),
        ({"paid_on": date(2020, 12, 1)}, "wrong_day"),
        ({"paid_on": date(2021, 7, 7)}, "wrong_day"),
    ],
)
def test_confirmation_that_cannot_be_is_refused(paid: Store, changed: dict[str, Any], code: str) -> None:
    refused = confirm(paid, **{"ledger_ids": ids(paid), **changed})

    assert isinstance(refused, Refused)
    assert refused.code == code


@pytest.mark.parametrize(
    ("decided", "paid_on", "is_taken"),
    [
        ((date(2020, 12, 2), 7), date(2020, 12, 1), False),
        ((date(2020, 12, 2), 7), date(2020, 12, 2), True),
        ((date(2020, 12, 9), 10), date(2020, 12, 8), False),
        ((date(2020, 12, 9), 10), date(2020, 12, 9), True),
    ],
)
def test_rows_are_paid_from_the_countys_day_on_which_the_last_of_them_was_decided(
    paid: Store, decided: tuple[date, int], paid_on: date, is_taken: bool
) -> None:
    day, hour = decided
    with paid.writing() as session:
        row = entries_of(session, CAMPAIGN_ID)[-1]
        row.decided_at = local(small_campaign(), day.month, day.day, hour)
        if hour < 8:
            entries_of(session, CAMPAIGN_ID)[0].decided_at = row.decided_at

    done = confirm(paid, ledger_ids=ids(paid), paid_on=paid_on)

    assert isinstance(done, int) is is_taken


def test_row_of_nothing_is_not_paid_out(store: Store) -> None:
    with store.writing() as session:
        enter(session, Paid(FIRST, 2019, "county", 10000), at=local(small_campaign(), 10, 1))
    open_under(store, "difference")

    refused = confirm(store, ledger_ids=ids(store)[:1])

    assert isinstance(refused, Refused)
    assert refused.code == "nothing_to_pay"


def test_history_of_a_village_follows_its_codes(paid: Store) -> None:
    with paid.writing() as session:
        enter(session, Paid("331181100290", 2018, "county", 3000, "旧号"), at=LATER)
    merged = replace(small_campaign().village(FIRST), predecessors=("331181100290",))

    with paid.reading() as session:
        lines = [
            (row.year, row.village_code, row.payable_yuan) for row, _ in history_of(session, merged.codes)
        ]

    assert lines == [(2018, "331181100290", 3000), (2020, FIRST, 10000)]


THIRD = "331181103200"


def sheet(party: str) -> Part:
    def write(session: Session, who: str) -> None:
        session.add(
            ScoreRow(
                campaign_id=CAMPAIGN_ID, village_code=THIRD, upload_id=1, party=party, adjustments={}, reasons={},
                lines={}, total="90", part_a="45", vetoes=[], scored_by=who, scored_at=LATER,
            )
        )  # fmt: skip

    return write


def visit(session: Session, who: str) -> VisitRow:
    row = VisitRow(
        campaign_id=CAMPAIGN_ID, village_code=THIRD, upload_id=1, visited_by=who, visited_at=LATER, notes="实地查看。",
        adjustments={},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def signature(session: Session, who: str) -> None:
    seen = visit(session, "reviewer-2").id
    session.add(VisitSignatureRow(visit_id=seen, person_id=who, digest="", signed_at=LATER))


def decision(name: str) -> Part:
    def decide(session: Session, who: str) -> None:
        gate = GateRow(
            campaign_id=CAMPAIGN_ID, name=name, version=1, subject=f"{CAMPAIGN_ID}/{THIRD}", attempt=1,
            town_code=THIRD[:9], village_code=THIRD, carrier_kind="verification", carrier_subject="", content_hash="",
            upload_id=1, state="closed", answer="pass", opened_at=LATER, due_at=LATER, closed_at=LATER,
        )  # fmt: skip
        session.add(gate)
        session.flush()
        session.add(
            DecisionRow(
                gate_id=gate.id, attempt=1, seat="", person_id=who, answer="pass", reason="", seen_hash="",
                door="portal", decided_at=LATER,
            )
        )  # fmt: skip

    return decide


PARTS = {
    **{f"sheet of {party}": sheet(party) for party in ("town", "a", "b", "ruling")},
    **{f"decision at {name}": decision(name) for name in ("desk_review", "second_review", "reconciliation")},
    "visit": visit,
    "signature": signature,
}


@pytest.mark.parametrize("part", PARTS)
def test_who_had_a_part_in_a_score_decides_nothing_about_its_money(store: Store, part: str) -> None:
    open_under(store, "difference")
    campaign = small_campaign()
    recognise(store, THIRD)
    with store.writing() as session:
        session.get_one(PersonRow, "reviewer-1").roles = ["reviewer", "finance"]
        PARTS[part](session, "reviewer-1")
    award.propose_awards(store, subject=COUNTY, now=local(campaign, 12, 22))

    refused = decide_latest(store, "award", COUNTY, by="reviewer-1", answer="approve")

    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", COUNTY)
    assert gate is not None
    assert isinstance(refused, Refused)
    assert (gate.attempt, refused.code, SECOND in refused.reason) == (2, "scored_it", False)
