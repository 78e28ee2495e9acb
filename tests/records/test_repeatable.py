"""Acts that the database refuses: run whole again, or told in a sentence, and never half kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine, event

from records import audit
from records.locks import locked_one
from records.store import Session, Store, Unwritten, repeatable
from records.tables.people import ThrottleRow
from records.tables.upkeep import AuditRow
from rules.refusals import Refused
from tests.conftest import rows_of

NOON = datetime(2020, 10, 20, 4, tzinfo=UTC)
BOTH = 2


def row(key: str) -> ThrottleRow:
    return ThrottleRow(key=key, tries=0, window_ends_at=NOON)


def test_act_that_finds_somebody_first_runs_again_and_refuses(store: Store) -> None:
    meet = Barrier(BOTH)
    first = iter([True, True])

    @repeatable
    def begin() -> str | Refused:
        with store.reading() as session:
            there = session.get(ThrottleRow, "one") is not None
        if next(first, False):
            meet.wait()
        with store.writing() as session:
            if there:
                return Refused("there", "已经有了。")
            session.add(row("one"))
        return "begun"

    with ThreadPoolExecutor(BOTH) as threads:
        done = [one.result() for one in [threads.submit(begin) for _ in range(BOTH)]]

    assert sorted(done, key=str) == [Refused("there", "已经有了。"), "begun"]


def test_acts_that_wait_for_each_other_both_end(store: Store) -> None:
    """On PostgreSQL one of them is ended as a deadlock and runs again; on SQLite they queue."""
    meet = Barrier(BOTH)
    with store.writing() as session:
        session.add_all([row("one"), row("two")])

    def act(*keys: str) -> Callable[[], None]:
        first = iter([True])

        @repeatable
        def count() -> None:
            with store.writing() as session:
                locked_one(session, ThrottleRow, keys[0]).tries += 1
                session.flush()
                if next(first, False) and store.engine.dialect.name == "postgresql":
                    meet.wait()
                locked_one(session, ThrottleRow, keys[1]).tries += 1

        return count

    with ThreadPoolExecutor(BOTH) as threads:
        for one in [threads.submit(act("one", "two")), threads.submit(act("two", "one"))]:
            one.result()

    assert [one.tries for one in rows_of(store, ThrottleRow)] == [BOTH, BOTH]


def test_row_is_read_again_as_it_is_locked(store: Store) -> None:
    with store.writing() as session:
        session.add(row("one"))
    with store.reading() as before:
        known = before.get_one(ThrottleRow, "one")
        before.commit()
        with store.writing() as session:
            session.get_one(ThrottleRow, "one").tries = 7

        assert locked_one(before, ThrottleRow, "one") is known
        assert known.tries == 7


def never(engine: Engine, *, sqlite: str, postgresql: str) -> None:
    """From now on every connection refuses to write."""
    wanted = sqlite if engine.dialect.name == "sqlite" else postgresql

    def refuse(connection: object, _record: object, *_: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(wanted)
        cursor.close()
        connection.commit()  # type: ignore[attr-defined]

    event.listen(engine, "checkout", refuse)


def test_database_that_can_only_be_read_says_so_and_keeps_nothing(store: Store) -> None:
    never(
        store.engine,
        sqlite="PRAGMA query_only=ON",
        postgresql="SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    )

    @repeatable
    def act() -> None:
        with store.writing() as session:
            session.add(row("one"))

    with pytest.raises(Unwritten, match="数据库只能读取"):
        act()
    assert rows_of(store, ThrottleRow) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_full_disk_says_so_and_keeps_nothing(store: Store) -> None:
    never(store.engine, sqlite="PRAGMA max_page_count=1", postgresql="")

    @repeatable
    def act() -> None:
        with store.writing() as session:
            session.add_all(row("x" * 3000 + str(number)) for number in range(100))

    with pytest.raises(Unwritten, match="磁盘已满"):
        act()
    assert rows_of(store, ThrottleRow) == []


def note(session: Session, act: str) -> None:
    audit.note(session, at=NOON, actor="system", act=act, subject="s")


def break_off(store: Store) -> None:
    with store.writing() as session:
        note(session, "three")
        raise RuntimeError


def test_links_are_chained_as_the_act_commits_and_none_of_an_act_that_fails(store: Store) -> None:
    with store.writing() as session:
        note(session, "one")
        note(session, "two")
        assert session.query(AuditRow).count() == 0
    with pytest.raises(RuntimeError):
        break_off(store)

    with store.reading() as session:
        verified = audit.verify(session)
    assert [one.act for one in rows_of(store, AuditRow)] == ["one", "two"]
    assert (verified.length, verified.broken) == (2, None)
