"""A machine that does not go: every command ends with a sentence, and nothing is lost or half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from records import audit, clock
from records import store as store_module
from records.schema.migrate import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store
from records.tables.dossiers import UploadRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import dossier_of, local
from tests.commands.conftest import typed
from tests.conftest import rows_of
from tests.small_disk import empty, fill, make_readonly, small_disk

pytestmark = pytest.mark.programs

TOWN, VILLAGE = "331181100", "331181100200"
CLERK, COORDINATOR = f"clerk-{TOWN}", "coordinator-1"
SUBMIT = ("workbook", "submit", "{file}", VILLAGE, "--by", CLERK)
COMMANDS = (
    SUBMIT,
    (*SUBMIT, "--json", "{home}/receipt.json"),
    ("workbook", "withdraw", VILLAGE, "--by", CLERK),
    ("workbook", "template", VILLAGE, "--out", "{home}/template.xlsx"),
    ("town", "survey", TOWN, "--all", "--by", CLERK),
    ("people", "invite", CLERK, "--by", COORDINATOR),
    ("people", "deactivate", CLERK, "--by", COORDINATOR),
    ("people", "list"),
    ("stage", "close", "submission", "--by", COORDINATOR, "--reason", "提前"),
    ("extend", f"dossier:{VILLAGE}", "--until", "2020-11-20", "--by", COORDINATOR, "--reason", "大雪", "--yes"),
    ("gate", "list"),
    ("campaign", "status", "--json", "{home}/status.json"),
    ("forecast",),
    ("backup",),
    ("key", "rotate", "--yes"),
    ("upgrade",),
    ("audit", "head", "--json", "{home}/head.json"),
    ("audit", "verify"),
    ("retention", "run"),
    ("doctor", "--json", "{home}/doctor.json"),
    ("up", "--only-prepare"),
)  # fmt: skip


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", megabytes=8) as disk:
        yield disk


@pytest.fixture
def store(disk: Path) -> Iterator[Store]:
    """What ``hqe up`` leaves on a machine, on a small disk."""
    make_key(disk / "secret.key")
    made = Store(f"sqlite:///{disk / 'hqe.db'}", vault=open_vault(disk / "secret.key"), home=disk)
    migrate(made.engine)
    yield made
    made.close()


@pytest.fixture
def house(submitting: Store, campaign: Campaign, tmp_path: Path) -> Store:
    """A campaign that collects dossiers, and a dossier on another disk."""
    clock.simulate(submitting, local(campaign, 11, 10))
    (tmp_path / "dossier.xlsx").write_bytes(dossier_of(VILLAGE))
    return submitting


def entered(house: Store, command: tuple[str, ...], **environment: str) -> Result:
    places = {"home": str(house.home), "file": str(house.home.parent / "dossier.xlsx")}
    words = [word.format(**places) for word in command]
    return typed(*words, **{"HQE_HOME": str(house.home), "COLUMNS": "200", **environment})


def is_told(done: Result) -> bool:
    """Whether it was done, or ended with words that somebody can act on and an exit code."""
    broken = done.exception is not None and not isinstance(done.exception, SystemExit)
    return not broken and (done.exit_code == 0 or bool(done.output.strip()))


def head_of(house: Store) -> str:
    with house.reading() as session:
        return audit.head(session)


def test_submit_on_a_full_disk_loses_nothing_and_goes_once_there_is_room(house: Store) -> None:
    fill(house.home)
    full = entered(house, SUBMIT)
    empty(house.home)
    kept = rows_of(house, UploadRow)

    again = entered(house, SUBMIT)

    assert (full.exit_code, full.stderr) == (
        1, "Error: 磁盘已满，没有办理任何事项。请联系系统管理员清理磁盘后重试。\n",
    )  # fmt: skip
    assert (kept, again.exit_code, len(rows_of(house, UploadRow))) == ([], 0, 1)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_command_on_a_full_disk_ends_with_a_sentence_and_keeps_nothing(
    house: Store, command: tuple[str, ...]
) -> None:
    before = head_of(house)
    fill(house.home)

    done = entered(house, command)

    empty(house.home)
    assert is_told(done), (done.output, done.exception)
    assert done.exit_code == 0 or head_of(house) == before or "已经办" in done.output


def test_rehearsal_on_a_full_disk_ends_with_a_sentence(disk: Path) -> None:
    fill(disk)

    done = typed("rehearse", "--home", str(disk / "home"), "--villages", "3")

    assert (done.exit_code, "磁盘已满" in done.stderr) == (1, True)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_command_in_a_read_only_home_ends_with_a_sentence(house: Store, command: tuple[str, ...]) -> None:
    house.close()
    make_readonly(house.home)

    done = entered(house, command)

    assert is_told(done), (done.output, done.exception)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_command_beside_somebody_who_holds_the_database_ends_with_a_sentence(
    house: Store, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "BUSY_TIMEOUT_MS", 20)
    before = head_of(house)
    with closing(sqlite3.connect(house.home / "hqe.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")

        done = entered(house, command)

    assert is_told(done), (done.output, done.exception)
    assert head_of(house) == before


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_command_without_a_database_server_ends_with_a_sentence(
    house: Store, command: tuple[str, ...]
) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

    done = entered(house, command, HQE_DATABASE_URL=nowhere)

    assert is_told(done), (done.output, done.exception)
