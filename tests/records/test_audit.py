"""The audit chain: what it finds when somebody has been at the table."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from records import audit
from records.schema import guards
from records.sealing.vault import VAULT, Keyless, Vault
from records.store import Store
from records.tables.upkeep import AuditHeadRow, AuditRow, AuditSealRow
from tests.conftest import tampering

AT = datetime(2020, 11, 15, 15, 59, 59, tzinfo=UTC)
COLUMNS = [column.name for column in AuditRow.__table__.columns]


def write(store: Store, count: int) -> None:
    for number in range(count):
        with store.writing() as session:
            audit.note(
                session, at=AT, actor="clerk", act="hand_in", subject=f"village {number}", facts={"n": number}
            )


def tamper(store: Store, *statements: str) -> None:
    with tampering(store) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_chain_untouched_is_whole(store: Store) -> None:
    write(store, 3)

    with store.reading() as session:
        found = audit.verify(session)

    assert (found.length, found.broken) == (3, None)


def test_chain_empty_is_whole(store: Store) -> None:
    with store.reading() as session:
        assert audit.verify(session) == audit.Verified(0, audit.GENESIS, None)


@pytest.mark.parametrize(
    ("statements", "seq", "problem"),
    [
        (["UPDATE audit SET facts = '{\"n\":9}' WHERE seq = 2"], 2, "entry 2 was changed"),
        (["DELETE FROM audit WHERE seq = 2"], 2, "entry 2 is missing"),
        (
            [
                "UPDATE audit SET seq = 99 WHERE seq = 2",
                "UPDATE audit SET seq = 2 WHERE seq = 3",
                "UPDATE audit SET seq = 3 WHERE seq = 99",
            ],
            2,
            "entry 2 does not follow from the one before it",
        ),
        (["DELETE FROM audit WHERE seq = 3"], 3, "the chain ends at 2, its head says 3"),
    ],
    ids=["changed", "removed", "reordered", "cut-off"],
)
def test_chain_tampered_shows_where(store: Store, statements: list[str], seq: int, problem: str) -> None:
    write(store, 3)
    tamper(store, *statements)

    with store.reading() as session:
        found = audit.verify(session)

    assert found.broken == audit.Break(seq, problem)


def test_note_in_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail_after_noting() -> None:
        with store.writing() as session:
            audit.note(session, at=AT, actor="clerk", act="hand_in", subject="village")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_noting()

    with store.reading() as session:
        assert audit.verify(session).length == 0


def rewrite(store: Store, *, length: int, words: str) -> None:
    """What somebody with the whole database but without the key can do: every link anew, and a head that fits."""
    with store.reading() as session:
        rows = audit.entries(session, limit=None)[:length]
    with tampering(store) as connection:
        connection.exec_driver_sql("DELETE FROM audit")
        previous = audit.GENESIS
        for row in rows:
            row.actor, row.previous = words or row.actor, previous
            row.hash = previous = audit._digest(row)
            connection.execute(insert(AuditRow).values({name: getattr(row, name) for name in COLUMNS}))
        connection.execute(update(AuditHeadRow).values(length=length, hash=previous))


@pytest.mark.parametrize(("length", "words"), [(3, "nobody"), (2, "")], ids=["rewritten", "cut"])
def test_chain_with_a_new_head_made_without_the_key_is_found(store: Store, length: int, words: str) -> None:
    write(store, 3)
    rewrite(store, length=length, words=words)

    with store.reading() as session:
        assert audit.verify(session).broken is not None


def test_chain_once_rewritten_never_fits_again(store: Store) -> None:
    write(store, 3)
    rewrite(store, length=3, words="nobody")
    write(store, 2)

    with store.reading() as session:
        assert audit.verify(session).broken == audit.Break(6, audit.SEAL_BROKEN)


def test_chain_rewritten_with_the_key_is_found_by_a_head_from_outside(store: Store) -> None:
    write(store, 3)
    with store.reading() as session:
        length, head = audit.length_and_head(session)
    rewrite(store, length=3, words="nobody")
    with store.writing() as session:
        session.execute(delete(AuditSealRow))
        assert audit.seal_whole(session, store.vault)

    with store.reading() as session:
        assert audit.verify(session).broken is None
        assert not audit.agrees_with_paper(session, length=length, head=head)


def test_chain_that_lost_its_seal_is_said_to_be_unsealed(store: Store) -> None:
    write(store, 3)
    with store.writing() as session:
        session.execute(delete(AuditSealRow))
    write(store, 1)

    with store.reading() as session:
        found = audit.verify(session)

    assert (found.broken, found.unsealed) == (None, 4)


def test_chain_sealed_by_a_key_that_is_gone_names_it(store: Store, tmp_path: Path) -> None:
    write(store, 2)
    url = store.engine.url.render_as_string(hide_password=False)
    other = Store(url, vault=Vault(b"o" * 32), home=tmp_path)

    with other.reading() as session:
        found = audit.verify(session)
    other.close()

    assert (found.broken, found.strange_key) == (None, store.vault.fingerprint())


def test_note_without_a_key_waits_to_be_sealed(store: Store) -> None:
    write(store, 2)
    with store.writing() as session:
        session.info[VAULT] = Keyless()
        audit.note(session, at=AT, actor="operator", act="backup", subject="database")
    write(store, 1)

    with store.writing() as session:
        before = audit.verify(session)
        assert audit.seal_whole(session, store.vault)
    with store.reading() as session:
        assert (before.unsealed, audit.verify(session).unsealed) == (2, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET length = 2",
    ],
)
def test_database_itself_refuses_to_change_the_log(store: Store, statement: str) -> None:
    write(store, 3)

    with pytest.raises(DBAPIError, match="only ever added to"), store.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_guards_of_the_log_are_all_up(store: Store) -> None:
    with store.engine.begin() as connection:
        with guards.lifted(connection):
            assert guards.standing(connection) == frozenset()
        assert guards.standing(connection) == guards.expected(connection)
