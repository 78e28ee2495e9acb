"""Whether a database can be written to just now, and whether the clock went back behind it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from records import audit
from records.runs import ticks
from records.schema.migrate import migrate
from records.store import Store, open_engine
from records.tables.upkeep import AuditHeadRow
from records.upkeep import condition
from records.upkeep.condition import clock_went_back, why_unwritable
from tests.small_disk import fill, make_readonly, small_disk

NOON = datetime(2020, 10, 20, 4, tzinfo=UTC)


def note(store: Store, at: datetime) -> None:
    with store.writing() as session:
        audit.note(session, at=at, actor="system", act="a", subject="s")


def test_database_at_rest_can_be_written_to_and_stays_as_it_is(store: Store, database_url: str) -> None:
    note(store, NOON)
    with store.reading() as session:
        before = audit.head(session)

    assert why_unwritable(database_url) is None
    with store.reading() as session:
        assert audit.head(session) == before


def test_database_that_another_act_holds_is_busy(
    store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "SHORT_MS", 10)
    note(store, NOON)

    with store.writing() as session:
        session.scalar(select(AuditHeadRow.id).with_for_update())

        assert why_unwritable(database_url) == "busy"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_server_that_only_reads_is_told(database_url: str) -> None:
    url = make_url(database_url)
    options = f"{url.query['options']} -cdefault_transaction_read_only=on"

    found = why_unwritable(url.update_query_dict({"options": options}).render_as_string(hide_password=False))

    assert found == "readonly"


def test_server_that_is_away_is_told() -> None:
    assert why_unwritable("postgresql+psycopg://nobody@127.0.0.1:1/nothing") == "away"


@pytest.mark.programs
def test_file_on_a_full_or_read_only_disk_is_told(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=4) as disk:
        url = f"sqlite:///{disk / 'hqe.db'}"
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        fill(disk)
        full = why_unwritable(url)
        make_readonly(disk)

        # Which of the two SQLite says depends on the file that it was about to make.
        assert full in ("full", "unusable")
        assert why_unwritable(url) in ("readonly", "unusable")


def test_clock_is_behind_what_was_noted_as_past(store: Store) -> None:
    with store.reading() as session:
        at_first = clock_went_back(session, now=NOON, host_now=NOON)
    note(store, NOON + timedelta(hours=1))
    with store.writing() as session:
        ticks.note_tick(session, host_now=NOON + timedelta(days=1))

    with store.reading() as session:
        found = clock_went_back(session, now=NOON, host_now=NOON)

    assert (at_first, found) == (timedelta(0), timedelta(days=1))
