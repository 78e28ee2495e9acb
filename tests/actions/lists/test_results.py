"""Results from above, months later: entered with their document, they wake the award and pay what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from actions.campaign import lifecycle
from actions.lists import award, recommendation, revision
from actions.lists.results import Entry, enter_results
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder
from records.copies.dump import lines_of
from records.dossiers import files
from records.lists.causes import causes_of
from records.lists.ledger import enter as enter_before
from records.review.gates import latest_gate
from records.runs import bells, carriers
from records.store import Session, Store
from records.tables.campaign import CampaignRow
from records.tables.lists import LedgerRow
from records.tables.review import GateRow
from rules.campaign.campaign import Paid
from rules.refusals import Refused
from tests.actions.conftest import (
    CAMPAIGN_ID,
    close_campaign,
    decide_latest,
    local,
    recognise,
    small_campaign,
)

FIRST, SECOND = "331181100200", "331181100201"
COUNTY, CITY, PROVINCE = (f"{CAMPAIGN_ID}/{level}" for level in ("county", "city", "province"))
LATER = datetime(2021, 7, 6, 10, tzinfo=small_campaign().zone)


def at(day: int) -> datetime:
    return local(small_campaign(), 12, day)


def open_under(store: Store, policy: str) -> None:
    """Two villages recognised, the first sent upward, the county's own awards decided, the campaign closed."""
    campaign = replace(small_campaign(), award_policy=policy, quota_upward=1)
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2020, 2021))
    lifecycle.open_campaign(
        store, campaign=campaign, calendar=calendar, by="coordinator-1", now=local(campaign, 10, 20)
    )
    recognise(store, FIRST, total="95")
    recognise(store, SECOND, total="93")
    with store.writing() as session:
        for kind, subject in (("recommendation", CAMPAIGN_ID), ("award", COUNTY)):
            carriers.enlist(
                session, kind=kind, subject=subject, campaign_id=CAMPAIGN_ID, label="", tags=[], at=at(1)
            )
    recommendation.rank_villages(store, subject=CAMPAIGN_ID, now=at(1))
    decide_latest(store, "recommendation", CAMPAIGN_ID, by="leader-1", answer="approve")
    assert recommendation.send_upward(store, subject=CAMPAIGN_ID, now=at(1))
    with store.writing() as session:
        found = carriers.find(session, "recommendation", CAMPAIGN_ID)
        assert found is not None
        found.state = "done"
    assert pay(store, COUNTY, now=at(2))
    close_campaign(store, now=at(21))


@pytest.fixture
def closed(store: Store) -> Store:
    open_under(store, "difference")
    return store


def pay(store: Store, subject: str, *, now: datetime = LATER) -> bool:
    """What the run of a level does, both bureaus answering at once; whether it has come to its end."""
    for _ in range(3):
        if award.settle_awards(store, subject=subject, now=now):
            return True
        award.propose_awards(store, subject=subject, now=now)
        for person in ("leader-1", "finance-1"):
            decide_latest(store, "award", subject, by=person, answer="approve")
    return False


def enter(store: Store, level: str = "city", kind: str = "recognised", **changed: Any) -> list[int] | Refused:
    usual: dict[str, Any] = {
        "village_code": FIRST,
        "level": level,
        "kind": kind,
        "document": "丽人社〔2021〕20号",
        "dated": date(2021, 7, 1),
        "reason": "经核实。",
    }
    by = changed.pop("by", "coordinator-1")
    entry = Entry(**{**usual, **changed})
    return enter_results(store, campaign_id=CAMPAIGN_ID, entries=[entry], by=by, now=LATER)


def ledger(store: Store) -> list[tuple[str, str, int, str]]:
    with store.reading() as session:
        lines = lines_of(session, LedgerRow, ["village_code", "level", "payable_yuan", "kind"])
    return sorted((str(one[0]), str(one[1]), int(str(one[2])), str(one[3])) for one in lines)


RUNS = (("award", CITY), ("campaign", CAMPAIGN_ID))


def state_of(session: Session, kind: str, subject: str) -> str:
    found = carriers.find(session, kind, subject)
    assert found is not None
    return found.state


PAID_BY_COUNTY = [(FIRST, "county", 10000, "payment"), (SECOND, "county", 10000, "payment")]


def test_result_from_above_a_year_later_wakes_the_award_of_a_closed_campaign_and_pays_the_difference(
    closed: Store,
) -> None:
    before = ledger(closed)

    entered = enter(closed, data=b"%PDF-1.4", file_name="认定文件.pdf")

    with closed.reading() as session:
        closed_at = session.get_one(CampaignRow, CAMPAIGN_ID).closed_at
        woken = [state_of(session, *run) for run in RUNS]
        rung = [bells.newest(session, *run) > 0 for run in RUNS]
        kept = causes_of(session, CAMPAIGN_ID)[0]
        paper = files.fetch(session, closed.vault, kept.blob_id or 0, about=f"award_cause:{kept.id}")
    assert (entered, closed_at, paper) == ([1], None, b"%PDF-1.4")
    assert (woken, rung) == (["new", "new"], [True, True])
    assert pay(closed, CITY)
    assert (before, ledger(closed)) == (PAID_BY_COUNTY, [(FIRST, "city", 5000, "payment"), *PAID_BY_COUNTY])


def test_two_levels_that_speak_before_anybody_was_asked_are_paid_once_at_the_highest(closed: Store) -> None:
    enter(closed, "city")
    enter(closed, "province")

    done = [pay(closed, subject) for subject in (CITY, PROVINCE)]

    assert done == [True, True]
    assert ledger(closed) == [PAID_BY_COUNTY[0], (FIRST, "province", 10000, "payment"), PAID_BY_COUNTY[1]]


def test_list_of_a_level_is_asked_anew_when_a_higher_one_speaks_before_it_is_settled(closed: Store) -> None:
    enter(closed, "city")
    award.propose_awards(closed, subject=CITY, now=LATER)
    for person in ("leader-1", "finance-1"):
        decide_latest(closed, "award", CITY, by=person, answer="approve")
    enter(closed, "province")

    settled = award.settle_awards(closed, subject=CITY, now=LATER)
    award.propose_awards(closed, subject=CITY, now=LATER)

    with closed.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", CITY)
        assert gate is not None
    assert (settled, gate.state, pay(closed, PROVINCE)) == (False, "superseded", True)
    assert sum(line[2] for line in ledger(closed) if line[0] == FIRST) == 20000


def test_village_under_wait_is_paid_once_when_its_last_result_is_known(store: Store) -> None:
    open_under(store, "wait")
    county = ledger(store)

    enter(store, "city")
    with store.reading() as session:
        woken = carriers.find(session, "award", CITY)
    enter(store, "province", "refused")

    assert (county, woken) == ([(SECOND, "county", 10000, "payment")], None)
    assert pay(store, CITY)
    assert ledger(store) == [(FIRST, "city", 15000, "payment"), (SECOND, "county", 10000, "payment")]


def test_village_under_wait_that_is_refused_above_gets_what_the_county_gives(store: Store) -> None:
    open_under(store, "wait")

    enter(store, "city", "refused")

    assert pay(store, COUNTY)
    assert ledger(store) == [(FIRST, "county", 10000, "payment"), (SECOND, "county", 10000, "payment")]


def test_withdrawn_title_recovers_what_it_gave_as_a_row_of_its_own(closed: Store) -> None:
    enter(closed, "city")
    pay(closed, CITY)

    enter(closed, "county", "withdrawn")

    assert pay(closed, COUNTY)
    assert [line for line in ledger(closed) if line[0] == FIRST] == [
        (FIRST, "city", 5000, "payment"),
        (FIRST, "county", -15000, "recovery"),
        (FIRST, "county", 10000, "payment"),
    ]


def test_recovery_and_correction_are_decided_by_both_bureaus_and_new_rows(closed: Store) -> None:
    entered = [
        enter(closed, "county", "recovery", yuan=4000),
        enter(closed, "county", "correction", yuan=-1000),
    ]

    first = pay(closed, COUNTY)

    assert (entered, first) == ([[1], [2]], True)
    assert [line for line in ledger(closed) if line[0] == FIRST] == [
        (FIRST, "county", -4000, "recovery"),
        (FIRST, "county", -1000, "correction"),
        (FIRST, "county", 10000, "payment"),
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "finance-1"}, "not_coordinator"),
        ({"village_code": "999"}, "foreign_village"),
        ({"village_code": "331181103200"}, "not_recognised"),
        ({"village_code": SECOND}, "not_sent"),
        ({"level": "nation"}, "no_such_level"),
        ({"kind": "praised"}, "no_such_level"),
        ({"level": "county"}, "own_level"),
        ({"document": " "}, "no_document"),
        ({"document": "文" * 201}, "no_document"),
        ({"reason": "因" * 2001}, "long_reason"),
        ({"dated": date(2021, 7, 7)}, "future_document"),
        ({"dated": date(2019, 12, 31)}, "old_document"),
        ({"dated": date(1, 1, 1)}, "far_year"),
        ({"data": b"0" * (10 * 1024 * 1024 + 1)}, "document_too_large"),
        ({"yuan": 5000}, "no_amount"),
        ({"yuan": 10**30}, "no_amount"),
        ({"kind": "withdrawn", "level": "county", "yuan": -1}, "no_amount"),
        ({"kind": "recovery", "level": "county", "yuan": 10**30}, "too_much"),
        ({"kind": "withdrawn"}, "not_held"),
        ({"kind": "withdrawn", "level": "county", "reason": " "}, "no_reason"),
        ({"kind": "recovery", "level": "county", "yuan": 10001}, "too_much"),
        ({"kind": "recovery", "level": "county", "yuan": 0}, "too_much"),
        ({"kind": "recovery", "level": "county", "yuan": 1, "reason": ""}, "no_reason"),
        ({"kind": "correction", "level": "county", "yuan": 1}, "too_much"),
    ],
)
def test_entry_that_cannot_be_is_refused_and_wakes_nothing(
    closed: Store, changed: dict[str, Any], code: str
) -> None:
    refused = enter(closed, **changed)

    assert isinstance(refused, Refused)
    with closed.reading() as session:
        assert (refused.code, session.get_one(CampaignRow, CAMPAIGN_ID).closed_at) == (code, at(21))
        assert causes_of(session, CAMPAIGN_ID) == []


TWICE = {
    "by the same document": ({}, "already_entered"),
    "typed otherwise": (
        {"document": " 丽人社〔２０２１〕 20号"},
        "already_entered",
    ),
    "of more than is left": ({"document": "丽人社〔2021〕21号", "yuan": 6001}, "too_much"),
    "of what a withdrawal takes": ({"document": "丽人社〔2021〕21号", "yuan": 1}, "too_much"),
}


@pytest.mark.parametrize("is_decided", [False, True])
@pytest.mark.parametrize("how", TWICE)
def test_same_money_is_not_taken_back_twice_decided_or_not(closed: Store, how: str, is_decided: bool) -> None:
    changed, code = TWICE[how]
    enter(closed, "county", "recovery", yuan=4000)
    if is_decided:
        pay(closed, COUNTY)
    if how == "of what a withdrawal takes":
        enter(closed, "county", "withdrawn", document="丽人社〔2021〕19号")

    refused = enter(closed, "county", "recovery", **{"yuan": 4000, **changed})

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_second_recovery_by_another_document_takes_what_is_left(closed: Store) -> None:
    entered = [
        enter(closed, "county", "recovery", yuan=4000),
        enter(closed, "county", "recovery", yuan=6000, document="丽人社〔2021〕21号"),
    ]

    assert (entered, pay(closed, COUNTY)) == ([[1], [2]], True)
    assert sum(line[2] for line in ledger(closed) if line[0] == FIRST) == 0


def test_recovery_taken_off_its_list_is_decided_and_another_one_is_asked_about(closed: Store) -> None:
    enter(closed, "county", "recovery", yuan=4000)
    award.propose_awards(closed, subject=COUNTY, now=LATER)
    decide_latest(closed, "award", COUNTY, by="leader-1", answer="approve")
    decide_latest(closed, "award", COUNTY, by="finance-1", answer="return", reason="该村已申诉。")
    award.settle_awards(closed, subject=COUNTY, now=LATER)
    award.propose_awards(closed, subject=COUNTY, now=LATER)
    with closed.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", COUNTY)
    assert gate is not None
    off = revision.revise(
        closed, gate_id=gate.id, by="coordinator-1", excluded={FIRST: "申诉成立。"}, note="复核。", now=LATER
    )
    ended = award.settle_awards(closed, subject=COUNTY, now=LATER)

    entered = enter(closed, "county", "recovery", yuan=10000, document="丽人社〔2021〕21号")

    assert (off, ended, entered) == (None, False, [2])
    assert pay(closed, COUNTY)
    assert [line for line in ledger(closed) if line[3] == "recovery"] == [
        (FIRST, "county", -10000, "recovery")
    ]


@pytest.mark.parametrize("order", [(COUNTY, CITY), (CITY, COUNTY)])
@pytest.mark.parametrize(("recovered", "left"), [(10000, 0), (4000, 6000)])
def test_title_withdrawn_and_money_recovered_come_to_the_same_in_any_order_of_their_lists(
    closed: Store, order: tuple[str, str], recovered: int, left: int
) -> None:
    enter(closed)
    pay(closed, CITY)
    entered = [
        enter(closed, "city", "withdrawn", document="取消〔2021〕1号"),
        enter(closed, "county", "recovery", yuan=recovered, document="追回〔2021〕1号"),
    ]

    ended = [pay(closed, subject) for subject in order]

    assert (entered, ended) == ([[2], [3]], [True, True])
    assert sum(line[2] for line in ledger(closed) if line[0] == FIRST) == left


def test_recovered_money_does_not_come_back_with_a_higher_title(closed: Store) -> None:
    enter(closed, "county", "recovery", yuan=4000, document="追回〔2021〕1号")
    pay(closed, COUNTY)
    enter(closed)
    pay(closed, CITY)

    assert [line[2] for line in ledger(closed) if line[0] == FIRST and line[1] == "city"] == [5000]


def test_title_that_comes_back_pays_anew_and_what_stood_above_it_is_said_anew(closed: Store) -> None:
    for level, subject in (("city", CITY), ("province", PROVINCE)):
        enter(closed, level)
        pay(closed, subject)
    enter(closed, "city", "withdrawn", document="取消〔2021〕1号")
    pay(closed, CITY)
    paid = [sum(line[2] for line in ledger(closed) if line[0] == FIRST)]
    for level, subject in (("city", CITY), ("province", PROVINCE)):
        assert not isinstance(enter(closed, level, document="恢复〔2021〕2号"), Refused)
        pay(closed, subject)
        paid.append(sum(line[2] for line in ledger(closed) if line[0] == FIRST))

    assert paid == [10000, 15000, 20000]


@pytest.mark.parametrize(
    ("level", "yuan", "withdrawn"), [("county", 10000, "county"), ("city", 15000, "city")]
)
def test_withdrawn_title_leaves_what_an_earlier_campaign_paid(
    store: Store, level: str, yuan: int, withdrawn: str
) -> None:
    with store.writing() as session:
        enter_before(session, Paid(FIRST, 2018, level, yuan, "2018年文"), at=at(1))
    open_under(store, "difference")
    if withdrawn == "city":
        enter(store)
        pay(store, CITY)
    enter(store, withdrawn, "withdrawn", document="取消〔2021〕1号")
    pay(store, f"{CAMPAIGN_ID}/{withdrawn}")

    assert sum(line[2] for line in ledger(store) if line[0] == FIRST) == yuan


def test_only_villages_of_the_returned_list_are_taken_off_it(closed: Store) -> None:
    enter(closed, "county", "recovery", yuan=4000)
    award.propose_awards(closed, subject=COUNTY, now=LATER)
    decide_latest(closed, "award", COUNTY, by="leader-1", answer="return", reason="请核对。")
    decide_latest(closed, "award", COUNTY, by="finance-1", answer="return", reason="请核对。")
    award.settle_awards(closed, subject=COUNTY, now=LATER)
    award.propose_awards(closed, subject=COUNTY, now=LATER)
    with closed.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "award", COUNTY)
    assert gate is not None
    refused = revision.revise(
        closed, gate_id=gate.id, by="coordinator-1", excluded={SECOND: "误选。"}, note="复核。", now=LATER
    )

    assert isinstance(refused, Refused)
    assert refused.code == "foreign_village"


def test_document_of_which_nothing_can_be_seen_is_none(closed: Store) -> None:
    refused = enter(closed, document="\u200b")

    assert isinstance(refused, Refused)
    assert refused.code == "no_document"


@pytest.mark.parametrize(
    ("again", "code"), [("recognised", "already_entered"), ("refused", "withdraw_instead")]
)
def test_result_entered_twice_or_against_itself_is_refused(closed: Store, again: str, code: str) -> None:
    enter(closed)

    refused = enter(closed, kind=again)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_entries_of_one_document_are_all_entered_or_none(closed: Store) -> None:
    entry = Entry(FIRST, "city", "recognised", "丽人社〔2021〕20号", date(2021, 7, 1))

    refused = enter_results(
        closed, campaign_id=CAMPAIGN_ID, entries=[entry, entry], by="coordinator-1", now=LATER
    )

    assert isinstance(refused, Refused)
    assert (refused.code, refused.reason[:4]) == ("already_entered", "第2条：")
    with closed.reading() as session:
        assert causes_of(session, CAMPAIGN_ID) == []
        assert lines_of(session, GateRow, ["id"])[2:] == []


def test_campaign_that_is_not_there_takes_no_results(closed: Store) -> None:
    refused = enter_results(closed, campaign_id="nowhere", entries=[], by="coordinator-1", now=LATER)

    assert isinstance(refused, Refused)
    assert refused.code == "no_such_campaign"
