"""The database: its migrations, its clock and its vault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import event, select

from records import clock
from records.dossiers import files
from records.schema import migrate
from records.sealing.vault import Vault, make_key, open_vault
from records.store import Store, open_engine
from records.tables.campaign import ClockRow

NOON = datetime(2020, 10, 20, 4, tzinfo=UTC)


def test_migrations_leave_exactly_the_tables_of_the_code(store: Store) -> None:
    assert migrate.differences(store.engine) == []


def test_migrations_run_twice_change_nothing(store: Store) -> None:
    migrate.migrate(store.engine)

    assert migrate.differences(store.engine) == []


def test_clock_without_simulation_is_the_hosts(store: Store) -> None:
    before = datetime.now(UTC)

    assert before <= clock.now(store) <= datetime.now(UTC)


def test_clock_simulated_never_goes_back(store: Store) -> None:
    clock.simulate(store, NOON)
    clock.simulate(store, NOON - timedelta(days=1))

    assert clock.now(store) == NOON


def test_statement_compiled_for_one_engine_is_not_compiled_for_another(
    store: Store, database_url: str
) -> None:
    compiled: list[str] = []
    other = open_engine(database_url)
    event.listen(other, "after_cursor_execute", lambda *told: compiled.append(told[4].cache_hit.name))
    statement = select(ClockRow.id).where(ClockRow.id == 1)

    for engine in (store.engine, other):
        with engine.connect() as connection:
            connection.execute(statement)
    other.dispose()

    assert compiled[-1] == "CACHE_HIT"


def test_instant_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="time zone"):
        clock.simulate(store, datetime(2020, 10, 20))  # noqa: DTZ001 (the point of the test)


def test_file_kept_is_not_readable_in_the_database(store: Store) -> None:
    with store.writing() as session:
        blob_id = files.keep(session, store.vault, b"331199199003070019", about="upload:1")

    with store.reading() as session:
        raw = session.connection().exec_driver_sql("SELECT sealed FROM blob").scalar_one()
        assert b"331199" not in bytes(raw)
        assert files.fetch(session, store.vault, blob_id, about="upload:1") == b"331199199003070019"


@given(data=some.binary(max_size=200))
def test_vault_opens_only_what_it_sealed_in_its_place(data: bytes) -> None:
    vault, other = Vault(b"a" * 32), Vault(b"b" * 32)
    sealed = vault.seal(data, about="here")

    assert vault.open(sealed, about="here") == data
    for wrong, place in ((vault, "there"), (other, "here")):
        with pytest.raises(InvalidTag):
            wrong.open(sealed, about=place)


def test_lookup_of_equal_texts_is_equal_and_keyed() -> None:
    vault, other = Vault(b"a" * 32), Vault(b"b" * 32)

    assert vault.lookup("331199199003070019") == vault.lookup("331199199003070019")
    assert vault.lookup("331199199003070019") != other.lookup("331199199003070019")


def test_key_made_once_is_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "secret.key"

    assert make_key(path) is True
    first = path.read_text()

    assert make_key(path) is False
    assert path.read_text() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_vault(path).lookup("x") == open_vault(path).lookup("x")
