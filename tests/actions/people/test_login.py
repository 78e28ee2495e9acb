"""Logging in, staying in, and being kept out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from actions.people import invitations, login, second_factor, tries
from actions.people.invitations import Invitation
from actions.people.login import ABSOLUTE, IDLE, MOST_PER_ACCOUNT, TOO_OFTEN, WRONG, LoggedIn, Matches
from records.people import people
from records.store import Store
from records.tables.people import CredentialRow, PersonRow, SessionRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Person
from rules.people.tries import AT_ONE_ADDRESS, OF_AN_ADDRESS
from rules.refusals import Refused
from tests.conftest import rows_of

NOON = datetime(2026, 10, 19, 4, tzinfo=UTC)
CLERK, COORDINATOR = "clerk", "coordinator"
LONGEST, RENEWED = AT_ONE_ADDRESS.longest, "renewed"


def knows(password: str) -> Matches:
    """Stands for the slow hash, which belongs to the portal."""
    return lambda kept: kept == f"hash of {password}"


@pytest.fixture
def house(store: Store) -> Store:
    """A clerk and a coordinator who have accepted their invitations with the password ``right``."""
    with store.writing() as session:
        for name, role in ((CLERK, "town_clerk"), (COORDINATOR, "coordinator")):
            mail = f"{name}@example.invalid"
            people.add(session, Person(id=name, name=name, email=mail, roles=(role,), town_code=""))
    for name in (CLERK, COORDINATOR):
        accept(store, name, "right")
    return store


def accept(store: Store, name: str, password: str) -> LoggedIn:
    invitation = invitations.invite(store, person_id=name, by="system", now=NOON, host_now=NOON)
    assert isinstance(invitation, Invitation)
    done = login.accept_invitation(
        store, token=invitation.token, password_hash=f"hash of {password}", now=NOON, host_now=NOON
    )
    assert isinstance(done, LoggedIn)
    return done


def log_in(
    store: Store,
    name: str = CLERK,
    password: str = "right",
    *,
    at: datetime = NOON,
    address: str = "10.0.0.1",
    browser: str = "",
) -> LoggedIn | Refused:
    return login.log_in(
        store, name=name, address=address, matches=knows(password), now=at, host_now=at, browser=browser
    )


def entered(store: Store, name: str = CLERK) -> LoggedIn:
    done = log_in(store, name)
    assert isinstance(done, LoggedIn)
    return done


@pytest.mark.parametrize("name", ["clerk", " CLERK ", "clerk@example.invalid", "Clerk@Example.Invalid"])
def test_log_in_by_id_or_mail_address_opens_a_session(house: Store, name: str) -> None:
    done = log_in(house, name)

    assert isinstance(done, LoggedIn)
    assert done.complete
    found = login.session_of(house, done.token, host_now=NOON)
    assert found is not None
    assert found[1].id == CLERK


def test_session_by_password_is_not_complete_once_a_role_asks_for_a_code(house: Store) -> None:
    token = entered(house).token
    with house.writing() as session:
        session.get_one(PersonRow, CLERK).roles = ["town_clerk", "coordinator"]

    found = login.session_of(house, token, host_now=NOON)

    assert found is not None
    assert login.is_complete(*found) is False


def test_session_is_kept_without_its_token(house: Store) -> None:
    token = entered(house).token

    assert token not in str([vars(row) for row in rows_of(house, SessionRow)])


@pytest.mark.parametrize(("name", "password"), [(CLERK, "wrong"), ("nobody", "right"), ("", "")])
def test_log_in_with_anything_wrong_says_the_same(house: Store, name: str, password: str) -> None:
    assert log_in(house, name, password) == WRONG


def test_log_in_refused_leaves_an_audit_entry_without_what_was_typed(house: Store) -> None:
    log_in(house, "my secret typed into the wrong box", "wrong")

    last = rows_of(house, AuditRow)[-1]
    assert (last.actor, last.act, last.facts) == (
        "unknown", "log_in_refused", '{"address":"10.0.0.1","pause":""}',
    )  # fmt: skip


def wrong(store: Store, name: str = CLERK, *, times: int, **where: str) -> None:
    """Wrong passwords, each after the pause that the ones before it ask for."""
    for number in range(times):
        assert log_in(store, name, "wrong", at=NOON + number * LONGEST, **where) == WRONG


def test_log_in_after_a_few_wrong_tries_waits_and_each_makes_the_next_wait_longer(house: Store) -> None:
    for _ in range(AT_ONE_ADDRESS.free):
        assert log_in(house, password="wrong") == WRONG
    said: list[datetime] = []

    for wait in (5, 10, 20):
        early = log_in(house, at=said[-1] if said else NOON)
        assert isinstance(early, Refused)
        assert (early.code, f"{wait}秒" in early.reason) == ("too_often", True)
        said.append((said[-1] if said else NOON) + timedelta(seconds=wait))
        assert log_in(house, password="wrong", at=said[-1]) == WRONG

    assert isinstance(log_in(house, at=said[-1] + timedelta(seconds=40)), LoggedIn)


def test_pause_is_never_longer_than_a_quarter_of_an_hour(house: Store) -> None:
    wrong(house, times=40)

    assert isinstance(log_in(house, at=NOON + 40 * LONGEST), LoggedIn)


def test_wrong_tries_from_one_address_make_nobody_wait_at_another(house: Store) -> None:
    for _ in range(AT_ONE_ADDRESS.free):
        log_in(house, password="wrong", address="10.0.0.66")

    assert isinstance(log_in(house), LoggedIn)


def test_wrong_tries_at_the_same_address_make_nobody_wait_at_a_browser_that_knows_them(house: Store) -> None:
    known = tries.remembering(house.vault, "", CLERK, fresh="a1")
    for _ in range(60):
        log_in(house, password="wrong")

    assert isinstance(log_in(house, browser=known), LoggedIn)
    assert isinstance(log_in(house, browser="a1.forged"), Refused)


def test_known_browser_has_a_count_of_its_own(house: Store) -> None:
    known = tries.remembering(house.vault, "", CLERK, fresh="a1")
    for _ in range(AT_ONE_ADDRESS.free):
        assert log_in(house, password="wrong", browser=known) == WRONG

    refused = log_in(house, browser=known)

    assert isinstance(refused, Refused)
    assert refused.code == "too_often"


def test_browser_remembers_several_people_and_forgets_the_one_not_seen_longest(house: Store) -> None:
    cookie = ""
    for number in range(tries.MOST_KNOWN + 1):
        cookie = tries.remembering(house.vault, cookie, f"p{number}", fresh="a1")

    known = [
        number for number in range(tries.MOST_KNOWN + 1) if tries.knows(house.vault, cookie, f"p{number}")
    ]

    assert known == list(range(1, tries.MOST_KNOWN + 1))


def test_log_in_success_forgets_earlier_tries(house: Store) -> None:
    for _ in range(3):
        for _ in range(AT_ONE_ADDRESS.free - 1):
            log_in(house, password="wrong")
        assert isinstance(log_in(house), LoggedIn)


def test_good_log_ins_do_not_count_against_an_address(house: Store) -> None:
    for _ in range(OF_AN_ADDRESS.free + 10):
        assert isinstance(log_in(house), LoggedIn)


def test_one_address_guessing_at_many_accounts_is_slowed(house: Store) -> None:
    for number in range(OF_AN_ADDRESS.free):
        log_in(house, f"guess-{number}")

    refused = log_in(house)

    assert isinstance(refused, Refused)
    assert refused.code == "too_often"
    assert isinstance(log_in(house, address="10.0.0.2"), LoggedIn)
    assert isinstance(log_in(house, at=NOON + OF_AN_ADDRESS.longest), LoggedIn)


def test_session_ends_when_idle_and_after_a_day_of_use(house: Store) -> None:
    token = entered(house).token
    just_before = NOON + IDLE - timedelta(seconds=1)

    assert login.session_of(house, token, host_now=NOON + IDLE) is None
    assert login.session_of(house, token, host_now=just_before) is not None
    moment = just_before
    while moment < NOON + ABSOLUTE - IDLE:
        moment += IDLE / 2
        assert login.session_of(house, token, host_now=moment) is not None
    assert login.session_of(house, token, host_now=NOON + ABSOLUTE) is None


def test_session_of_somebody_deactivated_ends_at_once(house: Store) -> None:
    token = entered(house).token
    with house.writing() as session:
        session.get_one(PersonRow, CLERK).active = False

    assert login.session_of(house, token, host_now=NOON) is None
    assert log_in(house) == WRONG


def test_log_out_ends_one_session_and_everywhere_ends_all(house: Store) -> None:
    first, second, third = entered(house).token, entered(house).token, entered(house, COORDINATOR).token

    login.log_out(house, first)
    assert login.session_of(house, first, host_now=NOON) is None
    assert login.session_of(house, second, host_now=NOON) is not None

    login.log_out_everywhere(house, person_id=CLERK, now=NOON, host_now=NOON)
    assert login.session_of(house, second, host_now=NOON) is None
    assert login.session_of(house, third, host_now=NOON) is not None


def test_invitation_accepted_again_replaces_password_secret_and_sessions(house: Store) -> None:
    old = entered(house, COORDINATOR).token
    second_factor.secret_to_enrol(house, person_id=COORDINATOR, fresh="SECRET")

    accept(house, COORDINATOR, "new")

    assert login.session_of(house, old, host_now=NOON) is None
    assert log_in(house, COORDINATOR, "right") == WRONG
    assert isinstance(log_in(house, COORDINATOR, "new"), LoggedIn)
    with house.reading() as session:
        assert session.get_one(CredentialRow, COORDINATOR).totp_sealed is None


def test_password_changed_ends_the_other_sessions(house: Store) -> None:
    here, elsewhere = entered(house).token, entered(house).token

    def change(old: str) -> Refused | None:
        return login.change_password(
            house,
            person_id=CLERK,
            matches=knows(old),
            password_hash="hash of new",
            session_hash=login.hash_token(here),
            now=NOON,
            host_now=NOON,
            renewed=RENEWED,
        )

    refused = change("wrong")
    assert refused is not None
    assert refused.code == "wrong_password"
    assert change("right") is None
    still = [login.session_of(house, one, host_now=NOON) is not None for one in (here, elsewhere, RENEWED)]
    assert still == [False, False, True]


def code(store: Store, token: str, *, step: int | None) -> Refused | None:
    """Enter a code that the secret gives at ``step``."""
    return second_factor.enter_code(
        store,
        session_hash=login.hash_token(token),
        step_of=lambda _: step,
        now=NOON,
        host_now=NOON,
        renewed=f"{token} renewed",
    )


def test_bureau_session_is_complete_only_after_a_code(house: Store) -> None:
    done = entered(house, COORDINATOR)
    assert not done.complete
    second_factor.secret_to_enrol(house, person_id=COORDINATOR, fresh="SECRET")

    assert code(house, done.token, step=7) is None

    assert login.session_of(house, done.token, host_now=NOON) is None
    found = login.session_of(house, f"{done.token} renewed", host_now=NOON)
    assert found is not None
    assert login.is_complete(*found)


def test_code_used_once_is_not_taken_again(house: Store) -> None:
    second_factor.secret_to_enrol(house, person_id=COORDINATOR, fresh="SECRET")

    assert code(house, entered(house, COORDINATOR).token, step=7) is None
    assert code(house, entered(house, COORDINATOR).token, step=7) == second_factor.WRONG_CODE
    assert code(house, entered(house, COORDINATOR).token, step=8) is None


def test_code_wrong_too_often_locks_even_the_right_one(house: Store) -> None:
    second_factor.secret_to_enrol(house, person_id=COORDINATOR, fresh="SECRET")
    token = entered(house, COORDINATOR).token

    for _ in range(MOST_PER_ACCOUNT):
        assert code(house, token, step=None) == second_factor.WRONG_CODE

    assert [code(house, token, step=7) for _ in range(3)] == [TOO_OFTEN] * 3
    noted = [json.loads(one.facts) for one in rows_of(house, AuditRow) if one.act == "code_refused"]
    assert [one["pause"] for one in noted] == [*[""] * MOST_PER_ACCOUNT, "15分钟"]


def test_secret_is_shown_only_until_it_is_confirmed(house: Store) -> None:
    first = second_factor.secret_to_enrol(house, person_id=COORDINATOR, fresh="SECRET")
    again = second_factor.secret_to_enrol(house, person_id=COORDINATOR, fresh="OTHER")
    assert (first, again) == ("SECRET", "SECRET")

    code(house, entered(house, COORDINATOR).token, step=7)

    assert second_factor.secret_to_enrol(house, person_id=COORDINATOR, fresh="OTHER") is None
    assert b"SECRET" not in b"".join(row.totp_sealed or b"" for row in rows_of(house, CredentialRow))
