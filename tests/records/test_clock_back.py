"""The host's clock was a day ahead and went back: nothing waits for a day that was never meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from records import outbox
from records.people.accounts import count_try
from records.runs import carriers
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow

NOW = datetime(2020, 11, 10, 4, tzinfo=UTC)
AHEAD = NOW + timedelta(days=1)
A_WHILE = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def carried(store: Store) -> None:
    with store.writing() as session:
        session.add(CampaignRow(id="c", frozen="{}", rules_version="1", opened_at=NOW))
        session.add(
            PersonRow(
                id="p",
                name="测试",
                email="p@example.invalid",
                roles=[],
                town_code="",
                conflicts=[],
                deputy="",
            )
        )
        session.flush()
        carriers.enlist(session, kind="survey", subject="c/1", campaign_id="c", label="", tags=[], at=NOW)


def post(store: Store, *, at: datetime) -> None:
    with store.writing() as session:
        outbox.post(
            session, key="one", campaign_id="c", template="digest", person_id="p", facts={}, at=at
        )  # fmt: skip


def test_lease_of_an_owner_who_is_gone_is_free_again(store: Store) -> None:
    with store.writing() as session:
        carriers.claim(session, "survey", "c/1", owner="elsewhere/1/1/ringer", host_now=AHEAD)

    with store.writing() as session:
        silent = carriers.silent_owners(session, host_now=NOW)
        taken = carriers.claim(session, "survey", "c/1", owner="here", host_now=NOW)

    assert (silent, taken) == (["elsewhere/1/1/ringer"], True)


def test_lease_taken_by_a_clock_a_little_ahead_is_kept(store: Store) -> None:
    with store.writing() as session:
        carriers.claim(session, "survey", "c/1", owner="one", host_now=NOW + carriers.LEASE / 2)

        taken = carriers.claim(session, "survey", "c/1", owner="two", host_now=NOW)
        silent = carriers.silent_owners(session, host_now=NOW)

    assert (taken, silent) == (False, [])


def test_message_claimed_or_put_off_meanwhile_goes_out_now(store: Store) -> None:
    post(store, at=NOW)
    with store.writing() as session:
        outbox.claim_next(session, owner="gone", now=NOW, host_now=AHEAD)
    with store.writing() as session:
        claimed = outbox.claim_next(session, owner="two", now=NOW, host_now=NOW)
        assert claimed is not None
        outbox.mark_failed(session, claimed.id, answer="451", temporary=True, host_now=AHEAD)

    with store.writing() as session:
        put_off = outbox.claim_next(session, owner="three", now=NOW, host_now=NOW)

    assert put_off is not None


def test_message_written_meanwhile_to_go_at_once_goes_out_now(store: Store) -> None:
    post(store, at=AHEAD)

    with store.writing() as session:
        pending = outbox.count_pending(session, now=NOW)
        row = outbox.claim_next(session, owner="one", now=NOW, host_now=NOW)

    assert (pending, isinstance(row, OutboxRow)) == (1, True)


def test_message_put_off_on_purpose_still_waits(store: Store) -> None:
    with store.writing() as session:
        outbox.post(
            session, key="one", campaign_id="c", template="digest", person_id="p", facts={}, at=NOW,
            not_before=AHEAD,
        )  # fmt: skip

        assert outbox.claim_next(session, owner="one", now=NOW, host_now=NOW) is None


def test_window_of_tries_begun_meanwhile_is_over(store: Store) -> None:
    with store.writing() as session:
        for _ in range(9):
            count_try(session, "account:a", window=A_WHILE, host_now=AHEAD)

        assert count_try(session, "account:a", window=A_WHILE, host_now=NOW) == 1
