"""Reviewers' leniency and the indicators they differ on: settled villages only, nothing that is still blind."""

from __future__ import annotations

from actions.overview.reviewers import differences_of
from records.store import Store
from tests.actions.conftest import CAMPAIGN_ID
from tests.actions.overview.test_explanation import paid
from tests.actions.review.test_reconciliation import FIRST, SECOND, doubted

__all__ = ["doubted", "paid"]


def test_strict_reviewer_and_disputed_indicators_are_named(paid: Store) -> None:
    with paid.reading() as session:
        found = differences_of(session, CAMPAIGN_ID)

    strict = {one.indicator for one in found.leniency if one.reviewer == FIRST and one.points < 0}
    lenient = {one.indicator for one in found.leniency if one.reviewer == SECOND and one.points > 0}
    assert found.villages == 1
    assert strict or lenient
    assert {one.indicator for one in found.wordings} == {"B1.1", "B2.3", "B2.4", "B2.5", "B3.2"}


def test_village_that_is_still_reviewed_says_nothing(doubted: Store) -> None:
    with doubted.reading() as session:
        found = differences_of(session, CAMPAIGN_ID, reader="coordinator-1")

    assert (found.villages, found.leniency, found.wordings) == (0, (), ())
