"""A backup taken in mid-campaign under load, restored elsewhere: the campaign goes on to the same outcome."""

from __future__ import annotations

import io
import itertools
import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from actions.dossiers.uploads import read_upload
from commands.terminal.backup import back_up
from commands.terminal.installation import settings_of
from deployments.local.processes import Stack
from records import audit
from records.backup import archive
from records.backup.archive import Manifest
from records.sealing.vault import Vault, open_vault
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from records.tables.upkeep import AuditRow
from rehearsal.mailbox import Mail, read_mails
from rehearsal.people.rosters import GIVEN, SURNAMES
from tests.commands.conftest import typed
from tests.rehearsal.conftest import Played, rehearse

pytestmark = pytest.mark.programs

STEP = 25


class Lost(Exception):
    """The machine is gone, a moment after the backup."""


class BackUps(threading.Thread):
    """Takes one backup after another beside the running campaign, until one shows work under way."""

    def __init__(self, home: Path, folder: Path) -> None:
        super().__init__(name="backups", daemon=True)
        self._home, self._folder = home, folder
        self.file: Path | None = None

    def run(self) -> None:
        for number in itertools.count():
            file, _ = back_up(settings_of(self._home), self._folder / f"{number}.hqe-backup")
            if works(file):
                self.file = file
                return


def works(file: Path) -> bool:
    """Whether bells were waiting and a run was under way when the backup was taken."""
    waiting = [bell for bell in rows_in(file, "bell") if not bell["answered"]]
    held = [carrier for carrier in rows_in(file, "carrier") if carrier["lease_owner"]]
    return bool(waiting and held)


def rows_in(file: Path, table: str) -> list[dict[str, Any]]:
    with archive.open_part(file, table, progress=archive.unheard) as lines:
        names, *rows = map(json.loads, lines)
    return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(home, backup) of a campaign whose machine was lost in the middle, a moment after the backup."""
    home, folder = tmp_path_factory.mktemp("lost"), tmp_path_factory.mktemp("backups")
    backups = BackUps(home, folder)

    def disturb(stack: Stack, step: int) -> None:
        if step == STEP:
            backups.start()
        if backups.file is not None:
            stack.kill("worker")
            stack.kill("server")
            raise Lost

    with pytest.raises(Lost):
        rehearse(home, disturb=disturb)
    backups.join()
    assert backups.file is not None
    return home, backups.file


def restored(lost: tuple[Path, Path], new: Path) -> Path:
    """A new home from the backup, with the key copied from its safe place."""
    home, file = lost
    new.mkdir()
    shutil.copy(home / "secret.key", new / "secret.key")
    done = typed("restore", str(file), "--into", str(new))
    assert done.exit_code == 0, done.output
    return new


def test_backup_under_load_restored_elsewhere_goes_on_to_the_same_outcome(
    undisturbed: Played, lost: tuple[Path, Path], tmp_path: Path
) -> None:
    new = restored(lost, tmp_path / "new")

    report = rehearse(new)

    assert report["outcome_sha256"] == undisturbed[1]["outcome_sha256"]
    assert report["flow_runs"] | {"completed": 0} == dict.fromkeys(report["flow_runs"], 0)
    assert report["messages"]["duplicate"] == 0
    assert same_identity(read_mails(lost[0] / "mails"), read_mails(new / "mails"))
    assert begins_with(chain_of(new), lost[1])


def test_backup_restored_beside_a_prefect_that_knows_a_lost_future_has_the_same_outcome(
    undisturbed: Played, lost: tuple[Path, Path], tmp_path: Path
) -> None:
    """Prefect's database outlived ours: its runs went on after the backup and fit nothing any more."""
    new = restored(lost, tmp_path / "new")
    shutil.copytree(lost[0] / "prefect", new / "prefect")

    report = rehearse(new)

    assert report["outcome_sha256"] == undisturbed[1]["outcome_sha256"]
    assert (report["flow_runs"]["failed"], report["flow_runs"]["crashed"]) == (0, 0)
    assert report["messages"]["duplicate"] == 0


def same_identity(before: list[Mail], after: list[Mail]) -> bool:
    """A mail that the lost machine had sent after the backup bears the same Message-ID when it comes again."""
    known = {mail.key: mail.message_id for mail in before}
    return all(known.get(mail.key, mail.message_id) == mail.message_id for mail in after)


def chain_of(home: Path) -> list[str]:
    store = Store(f"sqlite:///{home / 'hqe.db'}", vault=Vault(bytes(32)), home=home)
    with store.reading() as session:
        assert audit.verify(session).broken is None
        hashes = list(session.scalars(select(AuditRow.hash).order_by(AuditRow.seq)))
    store.close()
    return hashes


def begins_with(chain: list[str], file: Path) -> bool:
    """The chain goes on from the head that the backup names."""
    manifest = archive.read_manifest(file)
    assert isinstance(manifest, Manifest)
    return chain[manifest.source.audit_length - 1] == manifest.source.audit_head


def test_rehearsal_leaves_no_identity_number_unsealed(undisturbed: Played, tmp_path: Path) -> None:
    home = undisturbed[0]
    assert typed("backup", "--home", str(home)).exit_code == 0

    done = typed("audit", "leaks", "--home", str(home), "--json", str(tmp_path / "o.json"))

    told = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert (done.exit_code, told["leaks"]) == (0, [])
    assert told["numbers_known"] > 100
    assert {"hqe.db", "mails", "logs", "prefect", "backups"} <= {path.name for path in home.iterdir()}


def test_rehearsal_shows_the_names_of_a_roster_nowhere(undisturbed: Played) -> None:
    names = roster_names(undisturbed[0])

    seen = [
        (place, name) for place, said in everything_said(undisturbed[0]) for name in names if name in said
    ]

    assert len(names) > 100
    assert seen == []


def roster_names(home: Path) -> set[str]:
    """Names of three characters (two of them are often a word) that no official of the campaign bears."""
    store = Store(f"sqlite:///{home / 'hqe.db'}", vault=open_vault(home / "secret.key"), home=home)
    with store.reading() as session:
        uploads = list(session.scalars(select(UploadRow.id)))
        officials = set(session.scalars(select(PersonRow.name)))
    names = set[str]()
    for upload_id in uploads:
        _, data = read_upload(store, upload_id)
        sheet = load_workbook(io.BytesIO(data), read_only=True)["附件2 花名册"]
        names |= {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if is_name(cell)}
    store.close()
    return names - officials


def is_name(cell: object) -> bool:
    return (
        isinstance(cell, str)
        and len(cell) == 3
        and cell[0] in SURNAMES
        and cell[1] in GIVEN
        and cell[2] in GIVEN
    )


def everything_said(home: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of every mail, log and cell of both databases."""
    for mail in read_mails(home / "mails"):
        yield "mails", mail.subject + mail.body
    for log in (home / "logs").iterdir():
        yield log.name, log.read_text(encoding="utf-8")
    for file in (home / "hqe.db", home / "prefect" / "prefect.db"):
        with closing(sqlite3.connect(file)) as database:
            for (table,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall():
                for row in database.execute(f'SELECT * FROM "{table}"'):
                    yield f"{file.name} {table}", " ".join(cell for cell in row if isinstance(cell, str))
