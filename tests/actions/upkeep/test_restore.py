"""A backup taken while people act, and what comes out of it on either kind of database."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Engine, Table, TypeDecorator, insert, select

from actions.runs.tick import ring_tick
from actions.upkeep.restore import Settled, settle
from records import audit, outbox
from records.backup import archive, backup
from records.backup import restore as restore_rows
from records.backup import rows as table_rows
from records.backup.archive import Manifest
from records.runs import bells, carriers
from records.sealing.vault import VAULT, Keyless, Vault
from records.store import Session, Store, open_engine
from records.tables.every import Base
from records.tables.messages import OutboxRow
from records.tables.people import SessionRow
from records.tables.runs import BellRow, CarrierRow
from records.tables.upkeep import AuditRow
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, HandIn
from tests.conftest import database_for, rows_of

OURS = Vault(bytes(range(32)))
"""Of the fixture ``store``."""
INFO = {VAULT: OURS}
TAKEN = datetime(2020, 11, 3, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def taken(submitting: Store, hand_in: HandIn, tmp_path: Path) -> Path:
    """A backup of a campaign into which one dossier has come."""
    assert not isinstance(hand_in(), Refused)
    return take(submitting, tmp_path / "one.hqe-backup")


def take(store: Store, file: Path) -> Path:
    done = backup.take(store.engine, to=file, vault=store.vault, key="f" * 16, at=TAKEN)
    assert isinstance(done, Manifest), done
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def clean(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    with database_for(request.param, tmp_path / "clean.db") as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def everything(engine: Engine) -> dict[str, list[bytes]]:
    with table_rows.snapshot(engine) as connection:
        return {
            table.name: list(table_rows.lines_from(connection, table))
            for table in table_rows.tables_of(connection)
        }


def leave(_: Session) -> None:
    """Settle nothing."""


def restore(engine: Engine, file: Path, settling: Callable[[Session], object] = leave) -> None:
    manifest = restore_rows.examine(file, vault=OURS)
    assert isinstance(manifest, Manifest), manifest
    restore_rows.restore(engine, file, manifest, vault=OURS, settle=settling)


def test_backup_restored_on_either_database_holds_every_row(
    submitting: Store, taken: Path, clean: Engine
) -> None:
    restore(clean, taken)

    assert everything(clean) == everything(submitting.engine)


def test_backup_holds_every_column_of_every_table(store: Store, tmp_path: Path, clean: Engine) -> None:
    """A kind of value that no campaign of the tests has yet would be lost on the day of the backup."""
    with store.writing() as session:
        for table in Base.metadata.sorted_tables:
            if session.execute(select(table)).first() is None:
                session.execute(insert(table), a_row_of(table))

    restore(clean, take(store, tmp_path / "one.hqe-backup"))

    assert everything(clean) == everything(store.engine)
    assert all(len(lines) > 1 for lines in everything(clean).values())


def a_row_of(table: Table) -> dict[str, object]:
    """A value in every column; where it refers to another table, the one row that stands there."""
    return {one.name: a_value_for(one) for one in table.columns}


def a_value_for(column: Column[Any]) -> object:
    if column.foreign_keys:
        [key] = column.foreign_keys
        return a_value_for(key.column)
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    values = {
        bool: True, int: 1, bytes: b"sealed", datetime: TAKEN, date: TAKEN.date(), dict: {"a": [1]}, str: "ab",
    }  # fmt: skip
    return values[dict if isinstance(kind, JSON) else kind.python_type]


def test_backup_restored_counts_on_where_the_old_database_stood(taken: Path, clean: Engine) -> None:
    restore(clean, taken)

    with Session(clean, info=INFO) as session, session.begin():
        before = audit.verify(session).length
        audit.note(session, at=TAKEN, actor="a", act="b", subject="c")
        bells.ring(session, kind="campaign", subject=CAMPAIGN_ID, cause="x", at=TAKEN)
    with Session(clean, info=INFO) as session:
        assert (audit.verify(session).length, audit.verify(session).broken) == (before + 1, None)


def test_backup_manifest_says_what_is_inside_and_that_the_key_is_not(submitting: Store, taken: Path) -> None:
    told = json.loads(zipfile.ZipFile(taken).read(archive.MANIFEST))

    assert told["key_inside"] is False
    assert told["source"]["campaigns"] == [CAMPAIGN_ID]
    assert told["source"]["audit_length"] == len(rows_of(submitting, AuditRow))
    assert {part["table"]: part["rows"] for part in told["parts"]} == {
        name: len(lines) - 1 for name, lines in everything(submitting.engine).items()
    }


def test_backup_under_load_is_of_one_moment(opened: Store, tmp_path: Path) -> None:
    """Each act writes an audit entry and a bell together: a backup never holds one without the other."""
    stop = threading.Event()

    def act() -> None:
        while not stop.is_set():
            ring_and_note(opened)

    actors = [threading.Thread(target=act) for _ in range(2)]
    for actor in actors:
        actor.start()
    try:
        files = [take(opened, tmp_path / f"{number}.hqe-backup") for number in range(5)]
    finally:
        stop.set()
        for actor in actors:
            actor.join()

    lengths = [whole_length(file) for file in files]
    assert lengths == sorted(set(lengths))


def ring_and_note(store: Store) -> None:
    with store.writing() as session:
        bells.ring(session, kind="campaign", subject=CAMPAIGN_ID, cause="load", at=TAKEN)
        audit.note(session, at=TAKEN, actor="a", act="load", subject="c")


def whole_length(file: Path) -> int:
    """The length of a backup's chain, which is whole and agrees with its bells."""
    manifest = archive.read_manifest(file)
    assert isinstance(manifest, Manifest)
    assert manifest.source.audit_whole
    counts = {}
    for table, word in (("audit", b'"load"'), ("bell", b'"load"')):
        with archive.open_part(file, table, progress=archive.unheard) as lines:
            counts[table] = sum(word in line for line in lines)
    assert counts["audit"] == counts["bell"]
    return manifest.source.audit_length


def test_backup_that_breaks_off_leaves_no_file(opened: Store, tmp_path: Path) -> None:
    def fail(table: str, rows: int) -> None:
        if table == "village":
            raise OSError(28, "No space left on device")

    folder = tmp_path / "backups"
    folder.mkdir()
    done = backup.take(opened.engine, to=folder / "one", vault=opened.vault, key="", at=TAKEN, progress=fail)

    assert (isinstance(done, Refused) and done.code, list(folder.iterdir())) == ("disk", [])


def test_backup_never_overwrites(opened: Store, tmp_path: Path) -> None:
    (tmp_path / "one").write_text("mine")

    done = backup.take(opened.engine, to=tmp_path / "one", vault=opened.vault, key="", at=TAKEN)

    assert (isinstance(done, Refused) and done.code, (tmp_path / "one").read_text()) == ("exists", "mine")


def change_one_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def come_from_the_future(file: Path) -> None:
    with zipfile.ZipFile(file) as whole:
        told = json.loads(whole.read(archive.MANIFEST))
    told["source"]["revision"] = "9999"
    with zipfile.ZipFile(file, "w") as changed:
        changed.writestr(archive.MANIFEST, json.dumps(told))


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(change_one_byte, "damaged"), (cut_off, "not_a_backup"), (come_from_the_future, "newer")],
)
def test_backup_spoiled_is_refused(taken: Path, spoil: Callable[[Path], None], code: str) -> None:
    spoil(taken)

    found = restore_rows.examine(taken, vault=OURS)

    assert isinstance(found, Refused)
    assert found.code == code


def rewritten(file: Path, *, part: str, change: Callable[[bytes], bytes], without: str = "") -> None:
    """Change a table in a backup and correct its manifest, as somebody could who has the file but not the key."""
    with zipfile.ZipFile(file) as whole:
        inside = {name: whole.read(name) for name in whole.namelist() if name != without}
    name = f"tables/{part}.jsonl"
    inside[name] = change(inside[name])
    told = json.loads(inside[archive.MANIFEST])
    for one in told["parts"]:
        if one["table"] == part:
            one.update(size=len(inside[name]), sha256=hashlib.sha256(inside[name]).hexdigest())
    inside[archive.MANIFEST] = json.dumps(told).encode()
    with zipfile.ZipFile(file, "w") as changed:
        for name, content in inside.items():
            changed.writestr(name, content)


def give_a_role(lines: bytes) -> bytes:
    return lines.replace(b'"clerk"', b'"coordinator"', 1)


@pytest.mark.parametrize("unsigned", [False, True])
def test_backup_with_a_changed_role_and_a_corrected_manifest_is_refused(taken: Path, unsigned: bool) -> None:
    rewritten(taken, part="person", change=give_a_role)

    found = restore_rows.examine(taken, vault=OURS, unsigned=unsigned)

    assert isinstance(found, Refused)
    assert found.code == "forged"


def test_backup_without_a_signature_is_taken_only_when_asked_for(taken: Path) -> None:
    rewritten(taken, part="person", change=give_a_role, without=archive.SIGNATURE)

    found = restore_rows.examine(taken, vault=OURS)

    assert isinstance(found, Refused)
    assert (found.code, "--unsigned" in found.reason) == ("unsigned", True)
    assert isinstance(restore_rows.examine(taken, vault=OURS, unsigned=True), Manifest)


def test_backup_signed_by_a_key_that_is_not_here_names_it(taken: Path) -> None:
    found = restore_rows.examine(taken, vault=Keyless())

    assert isinstance(found, Refused)
    assert (found.code, OURS.fingerprint() in found.reason) == ("key_away", True)


def with_last(row: bytes) -> Callable[[bytes], bytes]:
    return lambda lines: b"\n".join([*lines.splitlines()[:-1], row, b""])


@pytest.mark.parametrize(
    "change",
    [lambda lines: lines.replace(b'"name"', b'"nam"', 1), with_last(b"[1]"), with_last(b"{")],
    ids=["column", "short", "no json"],
)
def test_restore_of_rows_that_fit_no_table_ends_in_a_sentence(
    taken: Path, clean: Engine, change: Callable[[bytes], bytes]
) -> None:
    rewritten(taken, part="person", change=change, without=archive.SIGNATURE)
    manifest = restore_rows.examine(taken, vault=OURS, unsigned=True)
    assert isinstance(manifest, Manifest)

    with pytest.raises(restore_rows.Differs, match="table person"):
        restore_rows.restore(clean, taken, manifest, vault=OURS, settle=leave)

    assert restore_rows.is_empty(clean)


def test_restore_that_breaks_off_leaves_the_database_empty(taken: Path, clean: Engine) -> None:
    def fail(_: Session) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(clean, taken, fail)

    assert restore_rows.is_empty(clean)


def test_restore_of_rows_other_than_the_manifest_says_leaves_the_database_empty(
    taken: Path, clean: Engine
) -> None:
    manifest = restore_rows.examine(taken, vault=OURS)
    assert isinstance(manifest, Manifest)
    change_hash_of = manifest.parts[0]
    object.__setattr__(change_hash_of, "sha256", "0" * 64)

    with pytest.raises(restore_rows.Differs):
        restore_rows.restore(clean, taken, manifest, vault=OURS, settle=leave)

    assert restore_rows.is_empty(clean)


def test_restored_database_forgets_the_runs_leases_and_claims_of_the_old_machine(
    submitting: Store, tmp_path: Path, clean: Engine
) -> None:
    ring_tick(submitting, campaign_id=CAMPAIGN_ID, now=TAKEN)
    with submitting.writing() as session:
        carriers.claim(session, "campaign", CAMPAIGN_ID, owner="elsewhere/1/0/ringer", host_now=LATER)
        carriers.assign(session, "campaign", CAMPAIGN_ID, generation=1, flow_run_id="old run")
        session.get_one(CarrierRow, ("tick", CAMPAIGN_ID)).state = "done"
        session.add(
            SessionRow(
                token_hash="0", person_id="coordinator-1", begun_at=TAKEN, seen_at=TAKEN, ends_at=LATER,
                second_factor=True,
            )
        )  # fmt: skip
        claimed = outbox.claim_next(session, owner="elsewhere", now=TAKEN, host_now=LATER)
        assert claimed is not None
    file = take(submitting, tmp_path / "one")
    settled: list[Settled] = []

    restore(clean, file, lambda session: settled.append(settle(session, facts={}, now=TAKEN, host_now=LATER)))

    with Session(clean, info=INFO) as session:
        rows = session.query(CarrierRow).all()
        assert {(row.lease_owner, row.lease_until, row.flow_run_id, row.sleep_key) for row in rows} == {
            (None, None, None, None)
        }
        assert {row.generation for row in rows} == {int(LATER.timestamp() // 60)}
        rung = {(row.kind, row.subject) for row in session.query(BellRow).filter_by(cause="restored")}
        assert rung == {(row.kind, row.subject) for row in rows if row.state != "done"}
        assert settled == [Settled(len(rung), 1)]
        again = outbox.claim_next(session, owner="here", now=TAKEN, host_now=LATER - timedelta(days=1))
        assert again is not None
        assert again.key == claimed.key
        assert session.query(SessionRow).count() == 0
        assert session.query(OutboxRow).filter_by(state="claimed").count() == 1
        assert audit.verify(session).broken is None
