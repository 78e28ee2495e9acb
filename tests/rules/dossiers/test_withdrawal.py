"""When a dossier may be taken back, and what is said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from rules.dossiers.withdrawal import (
    ALREADY_LATE,
    LATE_AFTER,
    NOTHING_COUNTS,
    OUT_AFTER,
    PAPER_AGAIN,
    REVIEW_ENDS,
    SENTENCES,
    Standing,
    consequences,
    refuse_withdrawal,
)
from tests.rules.samples import local

DUE, LOCK = local(11, 15, 23, 59, 59), local(11, 18, 23, 59, 59)
FRESH = Standing(2, "accepted", DUE, LOCK)


@pytest.mark.parametrize(
    ("standing", "version", "now", "code"),
    [
        (FRESH, 2, local(11, 10), None),
        (replace(FRESH, state="received", under_review=True), 2, LOCK, None),
        (FRESH, 1, local(11, 10), "not_newest"),
        (replace(FRESH, state="returned"), 2, local(11, 10), "not_to_withdraw"),
        (replace(FRESH, state="withdrawn"), 2, local(11, 10), "not_to_withdraw"),
        (replace(FRESH, decided=True, scored=True), 2, local(11, 10), "decided"),
        (replace(FRESH, scored=True), 2, local(11, 10), "review_begun"),
        (FRESH, 2, local(11, 19), "locked"),
        (replace(FRESH, due_at=None, lock_at=None), 2, local(11, 10), "locked"),
    ],
)
def test_withdrawal_is_allowed_only_before_review_and_lock(
    standing: Standing, version: int, now: datetime, code: str | None
) -> None:
    refused = refuse_withdrawal(standing, version=version, now=now)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("standing", "now", "said"),
    [
        (FRESH, local(11, 10), [LATE_AFTER, OUT_AFTER, NOTHING_COUNTS]),
        (FRESH, local(11, 16), [ALREADY_LATE, OUT_AFTER, NOTHING_COUNTS]),
        (replace(FRESH, lock_at=DUE), local(11, 10), [OUT_AFTER, NOTHING_COUNTS]),
        (
            replace(FRESH, under_review=True, paper_received=True),
            local(11, 10),
            [LATE_AFTER, OUT_AFTER, NOTHING_COUNTS, REVIEW_ENDS, PAPER_AGAIN],
        ),
    ],
)
def test_consequences_are_said_before(standing: Standing, now: datetime, said: list[str]) -> None:
    told = list(consequences(standing, now=now))

    assert [sentence for sentence, _ in told] == said
    assert all(sentence % moments for sentence, moments in told)
    assert set(said) <= set(SENTENCES)
