"""The audit chain: what it finds when somebody has been at the table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from records import audit
from records.store import Store

AT = datetime(2020, 11, 15, 15, 59, 59, tzinfo=UTC)


def write(store: Store, count: int) -> None:
    for number in range(count):
        with store.writing() as session:
            audit.note(
                session, at=AT, actor="clerk", act="hand_in", subject=f"village {number}", facts={"n": number}
            )


def tamper(store: Store, *statements: str) -> None:
    with store.writing() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


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
