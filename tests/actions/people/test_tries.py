"""Whoever is being guessed at hears of it, once a day, and is not kept out."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.people import login
from records.copies.dump import rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from rules.people.tries import AT_ONE_ADDRESS, TOLD_AFTER
from tests.actions.conftest import local


def guess(store: Store, *, at: datetime, address: str = "10.0.0.66") -> None:
    login.log_in(store, name="leader-1", address=address, matches=lambda _: False, now=at, host_now=at)


def told(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        rows = [row for row in rows_of(session, OutboxRow) if row.template == "login_tried"]
    return [(row.person_id, row.facts["address"]) for row in rows]


def test_person_is_told_of_the_tenth_wrong_try_and_once_a_day(opened: Store, campaign: Campaign) -> None:
    start, before = local(campaign, 10, 21, 1), []
    for number in range(TOLD_AFTER + 5):
        before.append(len(told(opened)))
        guess(opened, at=start + number * AT_ONE_ADDRESS.longest)

    assert before[:TOLD_AFTER] == [0] * TOLD_AFTER
    assert told(opened) == [("leader-1", "10.0.0.66")]


def test_tries_long_ago_are_forgotten(opened: Store, campaign: Campaign) -> None:
    start = local(campaign, 10, 21, 1)
    for number in range(TOLD_AFTER + 5):
        guess(opened, at=start + number * timedelta(hours=13))

    assert told(opened) == []
