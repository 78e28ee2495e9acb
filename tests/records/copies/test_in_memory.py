"""A database in memory: kept, put back, read plainly."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from records import audit
from records.copies.in_memory import InMemoryStore
from records.sealing.vault import Vault
from tests.actions.conftest import small_campaign

NOW = datetime(2020, 10, 20, 10, tzinfo=small_campaign().zone)


@pytest.fixture
def store(tmp_path: Path) -> InMemoryStore:
    return InMemoryStore(vault=Vault(bytes(range(32))), home=tmp_path)


def note(store: InMemoryStore, act: str) -> None:
    with store.writing() as session:
        audit.note(session, at=NOW, actor="somebody", act=act, subject="here")


def test_database_put_back_holds_what_was_kept_and_goes_on(store: InMemoryStore) -> None:
    note(store, "first")
    kept = store.keep()
    note(store, "second")

    store.put_back(kept)

    assert store.lines("audit", "act") == [("first",)]
    note(store, "third")
    assert store.lines("audit", "seq, act", after=1) == [(2, "third")]
    with store.reading() as session:
        assert audit.verify(session).broken is None


def test_act_that_writes_nothing_changes_no_row(store: InMemoryStore) -> None:
    note(store, "first")
    kept, changes = store.keep(), store.changes
    with store.writing() as session:
        audit.length_and_head(session)

    assert (store.keep(), store.changes) == (kept, changes)
    assert store.everything()["person"] == []


def test_two_databases_in_memory_are_apart(store: InMemoryStore, tmp_path: Path) -> None:
    other = InMemoryStore(vault=store.vault, home=tmp_path)

    note(store, "here")

    assert (len(store.lines("audit", "seq")), other.lines("audit", "seq")) == (1, [])
