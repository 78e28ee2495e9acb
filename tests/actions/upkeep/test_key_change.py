"""A change of the master key: everything sealed and looked up follows it, wherever it is stopped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import LargeBinary, Select, select

from actions.dossiers.uploads import read_upload
from actions.lists import papers
from actions.people import second_factor
from actions.upkeep import key_change
from records.backup import rows
from records.dossiers import files
from records.sealing.vault import NAMELESS, Vault
from records.store import Store
from records.tables.dossiers import BlobRow, RosterPersonRow
from records.tables.every import Base
from records.tables.people import CredentialRow
from records.tables.upkeep import KeyChangeRow
from records.upkeep import reseal
from records.upkeep.reseal import SEALED
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.conftest import rows_of

OLD, NEW = bytes(range(32)), b"n" * 32
NOW = datetime(2020, 12, 1, tzinfo=UTC)
LOOKED_UP = {("roster_person", "lookup"), ("living_person", "lookup")}
"""Every column of keyed hashes; those that a sealed column names must be these."""


@pytest.fixture
def filled(store: Store, at_desk: object, campaign: Campaign) -> Store:
    """A campaign in which everything that is ever sealed has been: a dossier, its people, a paper, a secret."""
    with store.writing() as session:
        papers.keep_list(
            session, store, campaign, key="list", title="名单", columns=["x"], rows=[["y"]], now=NOW
        )
        session.add(CredentialRow(person_id="reviewer-1", password_hash="", set_at=NOW))
    second_factor.secret_to_enrol(store, person_id="reviewer-1", fresh="SECRET")
    return store


def change(store: Store, vault: Vault) -> object:
    refused = key_change.begin(store, vault, old_key=store.vault.fingerprint(), now=NOW)
    if refused:
        return refused
    unopened = key_change.reseal(store, vault, heard=lambda _: None)
    return key_change.finish(store, vault, unopened=len(unopened), now=NOW) or unopened


def under(store: Store, vault: Vault) -> Store:
    """The same database, opened with other keys."""
    return Store(store.engine.url.render_as_string(hide_password=False), vault=vault, home=store.home)


def test_key_changed_opens_everything_without_the_old_one(filled: Store, at_desk: object) -> None:
    before = read_upload(filled, 1)[1], papers.read_document(filled, "list")

    assert change(filled, Vault(NEW, older=[OLD])) == []

    after = under(filled, Vault(NEW))
    assert (read_upload(after, 1)[1], papers.read_document(after, "list")) == before
    assert second_factor.secret_to_enrol(after, person_id="reviewer-1", fresh="OTHER") == "SECRET"
    people = rows_of(after, RosterPersonRow)
    numbers = [after.vault.open(one.sealed, about=f"roster:{one.upload_id}").decode() for one in people]
    assert [one.lookup for one in people] == [after.vault.lookup(number) for number in numbers]
    after.close()


def test_key_changed_leaves_nothing_of_the_old_key_in_any_column_of_any_table(filled: Store) -> None:
    old_lookups = {one.lookup.encode() for one in rows_of(filled, RosterPersonRow)}

    change(filled, Vault(NEW, older=[OLD]))

    with rows.snapshot(filled.engine) as connection:
        left = [
            (table.name, column.name)
            for table in rows.tables_of(connection)
            for row in connection.execute(select(table))
            for column, value in zip(table.columns, row, strict=True)
            if (isinstance(value, bytes) and value[:1] != b"" and value[:9] != Vault(NEW).mark)
            or (isinstance(value, str) and value.encode() in old_lookups)
        ]
    assert left == []


def test_every_sealed_or_looked_up_column_is_known_to_the_change() -> None:
    binary = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    looked_up = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if "lookup" in column.name
    }

    assert {(one.table.__tablename__, one.column) for one in SEALED} == binary
    assert {(one.table.__tablename__, one.lookup) for one in SEALED if one.lookup} == looked_up == LOOKED_UP


def test_change_stopped_halfway_is_known_opens_with_both_keys_and_goes_on(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, seen = Vault(NEW, older=[OLD]), list[int]()
    before = read_upload(filled, 1)[1]

    def stop(done: int) -> None:
        seen.append(done)
        raise KeyboardInterrupt

    key_change.begin(filled, vault, old_key=filled.vault.fingerprint(), now=NOW)
    with pytest.raises(KeyboardInterrupt):
        key_change.reseal(filled, vault, heard=stop)

    halfway = key_change.standing(filled)
    assert halfway is not None
    with filled.reading() as session:
        assert halfway.left == reseal.count(session) - seen[0] > 0
    both = under(filled, Vault(OLD, older=[NEW]))
    assert read_upload(both, 1)[1] == before
    assert change(both, vault) == []
    assert key_change.standing(both) is None
    assert [one.finished_at for one in rows_of(filled, KeyChangeRow)] == [NOW]
    both.close()


def test_change_halfway_with_other_keys_is_refused(filled: Store) -> None:
    key_change.begin(filled, Vault(NEW, older=[OLD]), old_key=filled.vault.fingerprint(), now=NOW)

    refused = change(filled, Vault(b"x" * 32, older=[OLD]))

    assert isinstance(refused, Refused)
    assert refused.code == "other_key"


def test_change_beside_somebody_who_writes_with_the_old_key_is_not_finished(filled: Store) -> None:
    vault = Vault(NEW, older=[OLD])
    key_change.begin(filled, vault, old_key=filled.vault.fingerprint(), now=NOW)
    key_change.reseal(filled, vault, heard=lambda _: None)
    with filled.writing() as session:
        files.keep(session, filled.vault, b"late", about="late")

    refused = key_change.finish(filled, vault, unopened=0, now=NOW)

    assert isinstance(refused, Refused)
    assert refused.code == "not_yet"
    assert change(filled, vault) == []


def test_what_was_sealed_before_keys_had_names_still_opens_and_is_named_by_a_change(filled: Store) -> None:
    sealed = select(BlobRow).where(BlobRow.about.startswith("upload:"))
    _forget_names(filled, sealed)

    assert read_upload(filled, 1)[1][:2] == b"PK"
    assert change(filled, Vault(NEW, older=[OLD])) == []
    with filled.reading() as session:
        assert all(one.sealed.startswith(Vault(NEW).mark) for one in session.scalars(sealed))


def _forget_names(store: Store, blobs: Select[tuple[BlobRow]]) -> None:
    with store.writing() as session:
        for blob in session.scalars(blobs):
            blob.sealed = NAMELESS + blob.sealed[9:]


def test_what_no_key_opens_is_named_and_left_alone(filled: Store) -> None:
    with filled.writing() as session:
        blob_id = files.keep(session, Vault(b"s" * 32), b"strange", about="strange")

    assert change(filled, Vault(NEW, older=[OLD])) == [f"blob {blob_id}"]
    with filled.reading() as session:
        assert files.fetch(session, Vault(b"s" * 32), blob_id, about="strange") == b"strange"


def test_change_with_nothing_sealed_is_done_at_once(store: Store) -> None:
    assert change(store, Vault(NEW, older=[OLD])) == []
