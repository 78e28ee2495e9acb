"""Bells, carriers and their leases; the outbox and its claims."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from records import outbox
from records.runs import bells, carriers
from records.runs.bells import Call
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow

AT = datetime(2020, 11, 16, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def carried(store: Store) -> None:
    with store.writing() as session:
        session.add(CampaignRow(id="c", frozen="{}", rules_version="1", opened_at=AT))
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
        for subject in ("c/1", "c/2"):
            carriers.enlist(
                session, kind="survey", subject=subject, campaign_id="c", label=subject, tags=[], at=AT
            )


def test_bells_of_one_subject_make_one_call(store: Store) -> None:
    with store.writing() as session:
        bells.ring(session, kind="survey", subject="c/1", cause="again", at=AT)

    with store.reading() as session:
        assert bells.waiting(session) == [Call("survey", "c/1", 3), Call("survey", "c/2", 2)]


def test_bell_rung_after_the_wake_began_stays(store: Store) -> None:
    with store.writing() as session:
        heard = bells.newest(session, "survey", "c/1")
        bells.ring(session, kind="survey", subject="c/1", cause="meanwhile", at=AT)
        bells.answer(session, "survey", "c/1", up_to=heard)

    with store.reading() as session:
        assert Call("survey", "c/1", 3) in bells.waiting(session)


def test_enlisting_twice_rings_once(store: Store) -> None:
    with store.writing() as session:
        again = carriers.enlist(
            session, kind="survey", subject="c/1", campaign_id="c", label="", tags=[], at=AT
        )

    with store.reading() as session:
        assert (again, bells.count_unanswered(session)) == (False, 2)


def test_lease_belongs_to_one_until_it_runs_out(store: Store) -> None:
    def claim(owner: str, host_now: datetime) -> bool:
        with store.writing() as session:
            return carriers.claim(session, "survey", "c/1", owner=owner, host_now=host_now)

    assert claim("one", AT)
    assert claim("one", AT)
    assert not claim("two", AT)
    assert claim("two", AT + carriers.LEASE + timedelta(seconds=1))


def test_dead_run_is_replaced_three_times_then_parked(store: Store) -> None:
    with store.writing() as session:
        generations = [carriers.replace(session, "survey", "c/1", cause="failed") for _ in range(4)]

    with store.reading() as session:
        carrier = carriers.find(session, "survey", "c/1")
        assert generations == [2, 3, 4, None]
        assert carrier is not None
        assert carrier.state == "parked"


def test_run_of_an_old_generation_is_not_assigned(store: Store) -> None:
    with store.writing() as session:
        carriers.replace(session, "survey", "c/1", cause="failed")

        assert not carriers.assign(session, "survey", "c/1", generation=1, flow_run_id="old")
        assert carriers.assign(session, "survey", "c/1", generation=2, flow_run_id="new")


def post(store: Store, key: str, *, not_before: datetime | None = None) -> bool:
    with store.writing() as session:
        return outbox.post(
            session,
            key=key,
            campaign_id="c",
            template="stage_closed",
            person_id="p",
            facts={},
            at=AT,
            not_before=not_before,
        )


def claim(store: Store, *, host_now: datetime = AT) -> str | None:
    with store.writing() as session:
        row = outbox.claim_next(session, owner="sender", now=AT, host_now=host_now)
        return row.key if row else None


def test_message_posted_twice_is_one(store: Store) -> None:
    assert (post(store, "k"), post(store, "k")) == (True, False)
    assert (claim(store), claim(store)) == ("k", None)


def test_message_for_later_is_not_claimed_now(store: Store) -> None:
    post(store, "later", not_before=AT + timedelta(minutes=15))

    assert claim(store) is None


def test_claim_of_a_dead_sender_runs_out(store: Store) -> None:
    post(store, "k")
    claim(store)

    assert claim(store, host_now=AT + outbox.CLAIM + timedelta(seconds=1)) == "k"


@pytest.mark.parametrize(("temporary", "state"), [(True, "waiting"), (False, "failed")])
def test_failure_of_a_message_waits_or_gives_up(store: Store, temporary: bool, state: str) -> None:
    post(store, "k")
    claim(store)
    with store.writing() as session:
        outbox.mark_failed(session, 1, answer="451 later", temporary=temporary, host_now=AT)

    with store.reading() as session:
        row = session.get_one(OutboxRow, 1)
        assert (row.state, row.answer) == (state, "451 later")
    assert claim(store) is None


def test_owner_is_silent_only_when_none_of_its_leases_was_renewed(store: Store) -> None:
    with store.writing() as session:
        for owner, subject in (("gone", "c/1"), ("busy", "c/2")):
            carriers.claim(session, "survey", subject, owner=owner, host_now=AT)
        carriers.renew(session, owner="busy", host_now=AT + timedelta(seconds=31))

    with store.reading() as session:
        silent = carriers.silent_owners(session, host_now=AT + timedelta(seconds=61))

    assert silent == ["gone"]
