"""Invitations: shown once, used once, dead after seven days."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from actions.people import invitations
from actions.people.invitations import Invitation
from records import audit
from records.people import people
from records.store import Store
from records.tables.people import CredentialRow, InvitationRow, PersonRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Person
from rules.refusals import Refused
from tests.conftest import rows_of

NOON = datetime(2020, 10, 19, 4, tzinfo=UTC)


@pytest.fixture
def peopled(store: Store) -> Store:
    with store.writing() as session:
        for number, role in enumerate(("coordinator", "coordinator", "reviewer"), start=1):
            people.add(session, Person(id=f"p{number}", name=f"人{number}", email="", roles=(role,)))
    return store


def invite(store: Store, person_id: str = "p1", *, at: datetime = NOON) -> Invitation:
    made = invitations.invite(store, person_id=person_id, by="system", now=at, host_now=at)
    assert isinstance(made, Invitation)
    return made


def accept(store: Store, token: str, *, at: datetime = NOON) -> str:
    """The person's id, or the code of the refusal."""
    with store.writing() as session:
        found = invitations.accept(session, token, now=at, host_now=at)
    return found.code if isinstance(found, Refused) else found.id


def test_invitation_is_kept_as_a_hash_for_seven_days_and_lets_its_person_in_once(peopled: Store) -> None:
    made = invite(peopled)

    [row] = rows_of(peopled, InvitationRow)
    assert (made.name, made.expires_at, len(row.token_hash)) == ("人1", NOON + timedelta(days=7), 64)
    assert made.link("http://hqe.example.invalid") == f"http://hqe.example.invalid/invitation/{made.token}"
    assert made.token not in "".join(str(value) for value in vars(row).values())
    assert [accept(peopled, made.token), accept(peopled, made.token)] == ["p1", "used_invitation"]


def test_invitation_and_its_use_stand_in_the_audit_log_without_the_token(peopled: Store) -> None:
    made = invite(peopled)
    accept(peopled, made.token)

    notes = rows_of(peopled, AuditRow)
    with peopled.reading() as session:
        assert audit.verify(session).broken is None
    assert [(note.actor, note.act, note.subject) for note in notes] == [
        ("system", "invite", "person:p1"),
        ("p1", "accept_invitation", "person:p1"),
    ]
    assert made.token not in "".join(note.facts for note in notes)


def test_invitation_made_again_ends_the_earlier_one_of_that_person_only(peopled: Store) -> None:
    first, other, second = invite(peopled), invite(peopled, "p3"), invite(peopled)

    found = [accept(peopled, made.token) for made in (first, other, second)]
    assert found == ["replaced_invitation", "p3", "p1"]


def test_invitation_after_seven_days_or_cut_short_opens_nothing(peopled: Store) -> None:
    made = invite(peopled)

    late = accept(peopled, made.token, at=NOON + timedelta(days=7))
    assert (late, accept(peopled, made.token[:-1])) == ("expired_invitation", "unknown_invitation")


def test_invitation_is_looked_at_without_being_used(peopled: Store) -> None:
    made = invite(peopled)

    with peopled.reading() as session:
        found = invitations.invited(session, made.token, host_now=NOON)
        assert isinstance(found, PersonRow)
    assert (found.name, accept(peopled, made.token)) == ("人1", "p1")


def test_invitation_of_somebody_gone_or_unknown_is_refused(peopled: Store) -> None:
    made = invite(peopled)
    with peopled.writing() as session:
        session.get_one(PersonRow, "p1").active = False

    codes = [
        refused.code
        for person_id in ("p1", "nobody")
        if isinstance(
            refused := invitations.invite(peopled, person_id=person_id, by="system", now=NOON, host_now=NOON),
            Refused,
        )
    ]
    assert (codes, accept(peopled, made.token)) == (["no_account", "no_account"], "no_account")


def test_invitation_used_by_two_at_once_lets_one_in(peopled: Store) -> None:
    made = invite(peopled)
    found: list[str] = []
    racers = [threading.Thread(target=lambda: found.append(accept(peopled, made.token))) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(found) == ["p1", *["used_invitation"] * 3]


def test_first_coordinator_is_wanted_until_any_coordinator_has_accepted(peopled: Store) -> None:
    def wanted() -> str | None:
        with peopled.reading() as session:
            return invitations.uninvited_coordinator(session)

    first = invite(peopled, "p3")
    accept(peopled, first.token)
    before = wanted()
    accept(peopled, invite(peopled, "p2").token)

    assert (before, wanted()) == ("p1", None)


def test_invitation_of_somebody_with_a_password_lives_an_hour(peopled: Store) -> None:
    with peopled.writing() as session:
        session.add(CredentialRow(person_id="p1", password_hash="x", set_at=NOON))

    made = invite(peopled)

    assert (made.expires_at, made.valid) == (NOON + timedelta(hours=1), "一小时")
    assert accept(peopled, made.token, at=NOON + timedelta(hours=1)) == "expired_invitation"
