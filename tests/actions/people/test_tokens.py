"""Tokens: made within what a person may, dead when revoked, expired or their person is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from actions.people import login, tokens
from actions.people.tokens import MOST_DAYS, MOST_TOKENS, MadeToken
from actions.upkeep import restore
from records.people import people
from records.store import Store
from records.tables.people import PersonRow, TokenRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Person
from rules.refusals import Refused
from tests.conftest import rows_of

NOON = datetime(2026, 10, 19, 4, tzinfo=UTC)
CLERK, COORDINATOR = "clerk", "coordinator"


@pytest.fixture
def house(store: Store) -> Store:
    with store.writing() as session:
        for name, role in ((CLERK, "town_clerk"), (COORDINATOR, "coordinator")):
            mail = f"{name}@example.invalid"
            people.add(session, Person(id=name, name=name, email=mail, roles=(role,), town_code=""))
    return store


def make(store: Store, **changed: object) -> MadeToken | Refused:
    usual: dict[str, object] = {
        "person_id": CLERK, "name": "报表程序", "scopes": ["village.hand_in"], "days": 90,
        "by": CLERK, "now": NOON, "host_now": NOON,
    }  # fmt: skip
    return tokens.make_token(store, **{**usual, **changed})  # type: ignore[arg-type]


def made(store: Store, **changed: object) -> MadeToken:
    done = make(store, **changed)
    assert isinstance(done, MadeToken)
    return done


def opens(store: Store, token: str, *, at: datetime = NOON) -> bool:
    return tokens.holder_of(store, token, host_now=at) is not None


def test_token_is_kept_as_a_hash_and_audited_without_its_text(house: Store) -> None:
    token = made(house).token

    [row] = rows_of(house, TokenRow)
    [noted] = rows_of(house, AuditRow)
    assert token.startswith("hqe_")
    assert token not in row.token_hash + noted.facts
    assert (noted.act, noted.actor, noted.subject) == ("make_token", CLERK, "person:clerk")


def test_token_opens_nothing_once_a_role_asks_for_a_code_that_it_never_had(house: Store) -> None:
    clerks, coordinators = made(house), made(house, person_id=COORDINATOR, by=COORDINATOR, scopes=["inbox"])
    with house.writing() as session:
        session.get_one(PersonRow, CLERK).roles = ["town_clerk", "reviewer"]

    assert (opens(house, clerks.token), opens(house, coordinators.token)) == (False, True)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"person_id": "nobody"}, "no_account"),
        ({"by": "nobody"}, "not_coordinator"),
        ({"person_id": COORDINATOR, "by": CLERK, "scopes": ["board.read"]}, "not_coordinator"),
        ({"name": "  "}, "no_name"),
        ({"name": "x" * 41}, "no_name"),
        ({"days": 0}, "bad_days"),
        ({"days": MOST_DAYS + 1}, "bad_days"),
        ({"scopes": []}, "no_scope"),
        ({"scopes": ["board.read"]}, "beyond_role"),
        ({"scopes": ["people.invite"]}, "beyond_role"),
    ],
)
def test_token_beyond_its_terms_is_refused(house: Store, changed: dict[str, object], code: str) -> None:
    done = make(house, **changed)

    assert isinstance(done, Refused)
    assert (done.code, rows_of(house, TokenRow)) == (code, [])


def test_coordinator_makes_a_token_for_somebody(house: Store) -> None:
    done = made(house, by=COORDINATOR)

    known = tokens.holder_of(house, done.token, host_now=NOON)
    assert known is not None
    assert (known[1].id, known[0].made_by) == (CLERK, COORDINATOR)


def test_tokens_beyond_the_limit_wait_until_one_is_revoked(house: Store) -> None:
    first, *_ = [made(house) for _ in range(MOST_TOKENS)]
    one_more = make(house)
    tokens.revoke_token(house, token_id=first.id, by=CLERK, now=NOON, host_now=NOON)

    assert isinstance(one_more, Refused)
    assert one_more.code == "too_many"
    assert isinstance(make(house), MadeToken)


def test_token_opens_until_the_end_of_its_days(house: Store) -> None:
    token = made(house, days=1).token

    assert opens(house, token, at=NOON + timedelta(hours=23))
    assert not opens(house, token, at=NOON + timedelta(days=1))


def test_token_says_when_it_was_last_used(house: Store) -> None:
    token, later = made(house).token, NOON + timedelta(minutes=5)

    opens(house, token)
    opens(house, token, at=NOON + timedelta(seconds=30))
    opens(house, token, at=later)

    assert [row.used_at for row in rows_of(house, TokenRow)] == [later]


def test_token_revoked_by_its_person_or_a_coordinator_is_dead(house: Store) -> None:
    mine, theirs = made(house), made(house)

    by_stranger = tokens.revoke_token(house, token_id=mine.id, by="nobody", now=NOON, host_now=NOON)
    by_me = tokens.revoke_token(house, token_id=mine.id, by=CLERK, now=NOON, host_now=NOON)
    by_them = tokens.revoke_token(house, token_id=theirs.id, by=COORDINATOR, now=NOON, host_now=NOON)

    assert isinstance(by_stranger, Refused)
    assert (by_me, by_them) == (None, None)
    assert not opens(house, mine.token)
    assert not opens(house, theirs.token)


@pytest.mark.parametrize(("number", "code"), [(1, "revoked"), (2, "no_such_token")])
def test_token_is_revoked_once(house: Store, number: int, code: str) -> None:
    done = made(house)
    tokens.revoke_token(house, token_id=done.id, by=CLERK, now=NOON, host_now=NOON)

    refused = tokens.revoke_token(house, token_id=number, by=CLERK, now=NOON, host_now=NOON)

    assert refused is not None
    assert refused.code == code


def test_tokens_end_with_logging_out_everywhere(house: Store) -> None:
    mine, theirs = made(house), made(house, person_id=COORDINATOR, by=COORDINATOR, scopes=["board.read"])

    login.log_out_everywhere(house, person_id=CLERK, now=NOON, host_now=NOON)

    assert (opens(house, mine.token), opens(house, theirs.token)) == (False, True)


def test_token_of_somebody_stood_down_is_dead(house: Store) -> None:
    token = made(house).token
    with house.writing() as session:
        session.get_one(PersonRow, CLERK).active = False

    assert not opens(house, token)


def test_tokens_do_not_come_back_with_a_restored_backup(house: Store) -> None:
    token = made(house).token

    with house.writing() as session:
        restore.settle(session, facts={}, now=NOON, host_now=NOON)

    assert not opens(house, token)
