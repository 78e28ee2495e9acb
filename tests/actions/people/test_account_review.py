"""The quarterly review: asked for while a campaign is under way, ended by the last account that was looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from actions.people.account_review import accounts_of, ask_in_time, keep_accounts
from actions.people.staff import deactivate, import_people
from records.copies.dump import rows_of
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign, Person
from rules.people.account_review import QUARTER, is_due, is_unused
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

FIRST, SECOND = "coordinator-1", "coordinator-2"


@pytest.fixture
def later(submitting: Store, campaign: Campaign) -> datetime:
    """The beginning of an hour, a quarter after the campaign was opened."""
    return local(campaign, 10, 20) + QUARTER


def everybody_but(store: Store, person_id: str) -> list[str]:
    with store.reading() as session:
        return [one.person_id for one in accounts_of(session) if one.person_id != person_id]


def reviews(store: Store) -> list[DutyRow]:
    with store.reading() as session:
        return [row for row in rows_of(session, DutyRow) if row.kind == "accounts"]


def test_a_coordinator_is_asked_once_a_quarter_and_not_before(submitting: Store, later: datetime) -> None:
    early = ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later - timedelta(hours=1))
    between = ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later + timedelta(minutes=30))

    asked = [ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later + n * QUARTER / 92) for n in range(2)]

    with submitting.reading() as session:
        told = [row.person_id for row in rows_of(session, OutboxRow) if row.template == "accounts_opened"]
    assert (early, between, asked) == (False, False, [True, False])
    assert [(row.person_id, row.state) for row in reviews(submitting)] == [(FIRST, "open")]
    assert told == [FIRST]


def test_review_ends_with_the_last_account_and_the_next_quarter_asks_anew(
    submitting: Store, later: datetime
) -> None:
    ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later)
    first, *others = everybody_but(submitting, FIRST)

    keep_accounts(submitting, person_ids=[first], by=FIRST, now=later)
    halfway = [row.state for row in reviews(submitting)]
    done = keep_accounts(submitting, person_ids=others, by=FIRST, now=later)

    assert (halfway, done) == (["open"], len(others))
    assert [row.state for row in reviews(submitting)] == ["done"]
    # Their own account is left to somebody else, who is asked for it.
    assert ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later + timedelta(days=1))
    assert [row.person_id for row in reviews(submitting)] == [FIRST, SECOND]
    assert keep_accounts(submitting, person_ids=[FIRST], by=SECOND, now=later + timedelta(days=1)) == 1
    assert not ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later + timedelta(days=2))
    assert ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later + QUARTER)


def test_review_of_those_who_have_left_ends_by_itself(submitting: Store, later: datetime) -> None:
    gone = "reviewer-1"
    others = [one for one in everybody_but(submitting, FIRST) if one != gone]
    keep_accounts(submitting, person_ids=others, by=FIRST, now=later)
    ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later)

    left = deactivate(submitting, person_id=gone, by=FIRST, now=later)
    ended = ask_in_time(submitting, campaign_id=CAMPAIGN_ID, now=later)

    assert (left, ended) == (None, True)
    # And the one account that is left is asked of whoever may look at it.
    assert [(row.person_id, row.state) for row in reviews(submitting)] == [(FIRST, "done"), (SECOND, "open")]


@pytest.mark.parametrize(
    ("ids", "by", "code"),
    [
        ([SECOND, FIRST], FIRST, "own_review"),
        ([SECOND, "nobody-9"], FIRST, "no_account"),
        ([], FIRST, "nobody"),
        ([SECOND], "reviewer-1", "not_coordinator"),
    ],
)
def test_review_that_cannot_be_is_refused_and_keeps_nobody(
    submitting: Store, later: datetime, ids: list[str], by: str, code: str
) -> None:
    refused = keep_accounts(submitting, person_ids=ids, by=by, now=later)

    assert isinstance(refused, Refused)
    with submitting.reading() as session:
        looked = [one.person_id for one in accounts_of(session) if one.since == later]
    assert (refused.code, looked) == (code, [])


def test_account_that_was_just_made_is_neither_due_nor_unused(submitting: Store, later: datetime) -> None:
    a_year_later = later + timedelta(days=400)
    newcomer = Person(
        "clerk-new", "新来", "clerk-new@example.invalid", ("town_clerk",), town_code="331181100"
    )
    import_people(submitting, [newcomer], by=FIRST, now=a_year_later)
    with submitting.reading() as session:
        known = {one.person_id: one for one in accounts_of(session)}

    told = [
        (is_due(known[person_id], now=a_year_later), is_unused(known[person_id], now=a_year_later))
        for person_id in ("clerk-new", "reviewer-1")
    ]
    assert told == [(False, False), (True, True)]
