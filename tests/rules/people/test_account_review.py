"""The review of accounts: due each quarter, by somebody else than its person, and what rests on one word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.people.account_review import (
    OWN_REVIEW,
    UNUSED,
    Account,
    due_for,
    is_due,
    is_unused,
    overdue,
    refuse_review,
    unconfirmed,
)
from tests.rules.samples import local

BEGAN = local(9, 1)
CLERK = Account("clerk-1", ("town_clerk",), BEGAN, None, has_telephone=False, never_in=True, confirmed=False)
FIRST = replace(CLERK, person_id="coordinator-1", roles=("coordinator",))
SECOND = replace(FIRST, person_id="leader-1", roles=("bureau_leader",))


@pytest.mark.parametrize(
    ("days", "due", "late"), [(91, False, False), (92, True, False), (121, True, False), (122, True, True)]
)
def test_review_is_due_after_a_quarter_and_told_a_month_later(days: int, due: bool, late: bool) -> None:
    now = BEGAN + timedelta(days=days)

    assert (is_due(CLERK, now=now), overdue([CLERK], now=now)) == (due, [CLERK] if late else [])


def test_everybody_has_to_look_at_what_is_due_but_their_own() -> None:
    now = BEGAN + timedelta(days=92)
    looked_at = replace(SECOND, since=now)

    assert due_for([FIRST, CLERK, looked_at], by=FIRST.person_id, now=now) == [CLERK]


@pytest.mark.parametrize(
    ("last", "days", "unused"), [(None, 400, True), (None, 399, False), (300, 699, False)]
)
def test_account_is_unused_after_more_than_a_year(last: int | None, days: int, unused: bool) -> None:
    account = replace(CLERK, last_at=BEGAN + timedelta(days=last) if last else None)

    assert is_unused(account, now=BEGAN + timedelta(days=days)) == unused
    assert timedelta(days=400) == UNUSED


def test_deciders_that_rest_on_one_word_are_named_as_soon_as_a_second_person_is_there() -> None:
    alone = unconfirmed([FIRST, CLERK])
    both = unconfirmed([FIRST, CLERK, SECOND])
    after = unconfirmed([replace(FIRST, confirmed=True), CLERK, SECOND])

    assert (alone, both, after) == ([], [FIRST, SECOND], [SECOND])


def test_nobody_vouches_for_themselves() -> None:
    assert refuse_review("coordinator-1", by="coordinator-1") == OWN_REVIEW
    assert refuse_review("coordinator-1", by="coordinator-2") is None
