"""An identity number planted in each place where one could leak is found there, and only there."""

from __future__ import annotations

import base64
import gzip
import json
import pickle
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import Workbook

from records.sealing.vault import Vault
from records.store import Store
from records.tables.campaign import CampaignRow
from records.tables.dossiers import BlobRow, RosterPersonRow, UploadRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from records.upkeep.leaks import known_numbers, search_database, search_home
from tests.actions.conftest import dossier_of, small_campaign

VAULT = Vault(bytes(range(32)))
NUMBER = "331199199003070019"
LOOKUPS = {VAULT.lookup(NUMBER)}


def knows(number: str) -> bool:
    return VAULT.lookup(number) in LOOKUPS


def found(home: Path) -> set[tuple[str, str]]:
    """(file, kind) of every leak."""
    return {(Path(leak.place).name, leak.trace.kind) for leak in search_home(home, knows)}


def mail(home: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "材料"
    message.set_content(f"身份证号{NUMBER}，请核对。" * 3, cte="base64")
    (home / "1.eml").write_bytes(message.as_bytes())


def mail_cut_by_soft_breaks(home: Path) -> None:
    message = EmailMessage()
    message.set_content("一" * 7 + NUMBER, cte="quoted-printable")
    assert NUMBER.encode() not in message.as_bytes()
    (home / "1.eml").write_bytes(message.as_bytes())


def subject_of_a_mail(home: Path) -> None:
    message = EmailMessage()
    message["Subject"] = f"关于{NUMBER}的材料"
    message.set_content("请核对。")
    (home / "1.eml").write_bytes(message.as_bytes())


def workbook(home: Path) -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = NUMBER
    book.save(home / "1.xlsx")


def workbook_with_shared_strings(home: Path) -> None:
    with zipfile.ZipFile(home / "1.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>张三</t></si><si><t>{NUMBER}</t></si></sst>")


def workbook_attached_to_a_mail(home: Path) -> None:
    workbook_with_shared_strings(home)
    message = EmailMessage()
    message.set_content("附件")
    message.add_attachment((home / "1.xlsx").read_bytes(), maintype="application", subtype="octet-stream")
    (home / "1.xlsx").unlink()
    (home / "1.eml").write_bytes(message.as_bytes())


def pickled_result(home: Path) -> None:
    (home / "result").write_bytes(pickle.dumps({"rows": [{"id": NUMBER}]}))


def stored_result(home: Path) -> None:
    """As Prefect stores a result: JSON around a compressed pickle in base64."""
    packed = base64.b64encode(zlib.compress(pickle.dumps([NUMBER]))).decode()
    (home / "result").write_text(json.dumps({"metadata": {}, "result": packed}))


def escaped_json(home: Path) -> None:
    (home / "result").write_text("".join(f"\\u{ord(one):04x}" for one in NUMBER))


def log(home: Path) -> None:
    (home / "worker.log").write_text(f"2020-11-02 ERROR row 7: {NUMBER}\n")


def rotated_log(home: Path) -> None:
    (home / "worker.log.1.gz").write_bytes(gzip.compress(NUMBER.encode()))


def wide_little(home: Path) -> None:
    (home / "notes.txt").write_bytes(f"号{NUMBER}".encode("utf-16-le"))


def wide_big(home: Path) -> None:
    (home / "notes.txt").write_bytes(f"号{NUMBER}".encode("utf-16-be"))


def full_width(home: Path) -> None:
    (home / "notes.txt").write_text("".join(chr(ord(one) + 0xFEE0) for one in NUMBER), encoding="utf-8")


def backup(home: Path) -> None:
    with zipfile.ZipFile(home / "one.hqe-backup", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tables/outbox.jsonl", json.dumps([1, "text", f"号{NUMBER}"]))


def open_database(home: Path) -> sqlite3.Connection:
    database = sqlite3.connect(home / "prefect.db", isolation_level=None)
    database.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, message)")
    return database


def cell_of_a_database(home: Path) -> None:
    with closing(open_database(home)) as database:
        database.execute("INSERT INTO log (message) VALUES (?)", (NUMBER,))


def number_cell_of_a_database(home: Path) -> None:
    """As an integer its digits stand nowhere."""
    with closing(open_database(home)) as database:
        database.execute("INSERT INTO log (message) VALUES (?)", (int(NUMBER),))


def packed_cell_of_a_database(home: Path) -> None:
    with closing(open_database(home)) as database:
        database.execute("INSERT INTO log (message) VALUES (?)", (zlib.compress(NUMBER.encode()),))


def free_page_of_a_database(home: Path) -> None:
    """Deleted, but its bytes are still in the file."""
    with closing(open_database(home)) as database:
        database.execute("PRAGMA secure_delete=OFF")
        database.execute("INSERT INTO log (message) VALUES (?)", ("x" * 5000 + NUMBER,))
        database.execute("DELETE FROM log")
        assert database.execute("PRAGMA freelist_count").fetchone() > (0,)


def write_ahead_log(home: Path) -> None:
    """In the log of a process that died, and not yet in the database."""
    with closing(open_database(home)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute("INSERT INTO log (message) VALUES (?)", (NUMBER,))
        left_behind = (home / "prefect.db-wal").read_bytes()
    for file in home.iterdir():
        file.unlink()
    (home / "prefect.db-wal").write_bytes(left_behind)


def base64_cut_by_a_page(home: Path) -> None:
    (home / "page").write_bytes(base64.b64encode(b"x" * 100 + NUMBER.encode())[41:])


PLACES = (
    mail, mail_cut_by_soft_breaks, subject_of_a_mail, workbook, workbook_with_shared_strings,
    workbook_attached_to_a_mail, pickled_result,
    stored_result, escaped_json, log, rotated_log, wide_little, wide_big, full_width, backup,
    cell_of_a_database, number_cell_of_a_database, packed_cell_of_a_database, free_page_of_a_database,
    write_ahead_log, base64_cut_by_a_page,
)  # fmt: skip


@pytest.mark.parametrize("plant", PLACES, ids=lambda place: place.__name__)
def test_number_planted_is_found(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    assert found(tmp_path) == set()

    plant(tmp_path)

    [file] = tmp_path.iterdir()
    assert found(tmp_path) == {(file.name, "known")}


def test_number_of_a_stranger_is_found_by_its_look(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("refused 331199198512120024, see row 7")

    assert found(tmp_path) == {("a.log", "alike")}


@pytest.mark.parametrize(
    "text",
    [
        "331199198512120025",
        "331199198513120024",
        "a331199198512120024",
        "3311991985121200241",
        "16060320000000000000",
        NUMBER[:12] + "******" + NUMBER[-2:],
    ],
    ids=["check digit", "month", "in a hash", "in a longer number", "time stamp", "masked"],
)
def test_what_is_no_number_is_not_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.log").write_text(text)

    assert found(tmp_path) == set()


def test_leak_names_the_place_and_never_the_number(tmp_path: Path) -> None:
    workbook_attached_to_a_mail(tmp_path)

    leaks = list(search_home(tmp_path, knows))

    assert {leak.trace.where.split(" > ")[1] for leak in leaks} == {"xl/sharedStrings.xml"}
    assert NUMBER not in repr(leaks)


def fill(store: Store, *, said: str) -> None:
    """A roster with one person, and a message that says something."""
    at = small_campaign().start_of(small_campaign().survey_day)
    with store.writing() as session:
        session.add(CampaignRow(id="c", frozen="{}", rules_version="1", opened_at=at))
        session.add(
            PersonRow(
                id="p", name="p", email="p@example.invalid", roles=[], town_code="", conflicts=[], deputy=""
            )
        )
        session.add(BlobRow(id=1, sealed=store.vault.seal(dossier_of("331181100200"), about="upload")))
        session.flush()
        session.add(
            UploadRow(
                id=1, campaign_id="c", village_code="v", version=1, blob_id=1, sha256="0", size=1, filed_by="p",
                received_at=at, late=False, state="accepted", facts={},
            )
        )  # fmt: skip
        session.add(
            OutboxRow(
                key="k",
                campaign_id="c",
                template="t",
                person_id="p",
                facts={},
                written_at=at,
                not_before=at,
                text=said,
            )
        )
        session.flush()
        sealed = store.vault.seal(NUMBER.encode(), about="roster")
        session.add(RosterPersonRow(upload_id=1, row=1, sealed=sealed, lookup=store.vault.lookup(NUMBER)))


@pytest.mark.parametrize(("said", "places"), [("一切正常", []), (f"号{NUMBER}", ["outbox > text"])])
def test_database_with_sealed_numbers_is_searched_row_by_row(
    store: Store, said: str, places: list[str]
) -> None:
    fill(store, said=said)

    with store.reading() as session:
        recognises, count = known_numbers(session, store.vault)
    leaks = list(search_database(store.engine, recognises, place="here"))

    assert (count, [leak.trace.where.split(" at ")[0] for leak in leaks]) == (1, places)
