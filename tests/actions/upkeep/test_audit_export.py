"""The audit log's entries leave the machine, each once, signed, and again where it could not be."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from actions.upkeep.audit_export import export, exported, is_genuine
from records import audit, clock
from records.sealing.vault import Vault
from records.store import Store


def note(store: Store, *acts: str) -> None:
    with store.writing() as session, audit.coming_from("192.0.2.7"):
        for act in acts:
            audit.note(session, at=clock.host_now(), actor="a", act=act, subject="person:甲")


def test_entries_go_to_the_file_in_order_and_once(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.jsonl"
    note(store, "one", "two")

    first = export(store, to=f"file://{file}")
    note(store, "three")
    sent = [first, export(store, to=f"file://{file}"), export(store, to=f"file://{file}")]

    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert (sent, [one["act"] for one in told]) == ([2, 1, 0], ["one", "two", "three"])
    assert told[0]["facts"] == {"address": "192.0.2.7"}
    assert exported(store.home) == 3


def test_line_that_was_changed_is_told_from_a_genuine_one(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.jsonl"
    note(store, "decide")
    export(store, to=f"file://{file}")
    line = file.read_text(encoding="utf-8").strip()

    changed = line.replace('"act":"decide"', '"act":"refuse"')

    verdicts = [is_genuine(line, store.vault), is_genuine(changed, store.vault)]
    assert [*verdicts, is_genuine(line, Vault(bytes(32)))] == [True, False, False]


def test_what_the_place_does_not_take_goes_with_the_next_try(store: Store, tmp_path: Path) -> None:
    note(store, "one")
    away = tmp_path / "unmounted" / "audit.jsonl"

    with pytest.raises(FileNotFoundError):
        export(store, to=f"file://{away}")
    away.parent.mkdir()

    assert (exported(store.home), export(store, to=f"file://{away}")) == (0, 1)


def test_syslog_server_gets_each_entry_with_its_length(store: Store) -> None:
    note(store, "one", "two")

    with syslog() as (port, came):
        sent = export(store, to=f"syslog://127.0.0.1:{port}")

    text = b"".join(came)
    length, _, rest = text.partition(b" ")
    assert (sent, rest[: int(length)].startswith(b"<110>1 - - hqe - audit - {")) == (2, True)
    assert text.count(b'"seq":') == 2


def test_nobody_who_asks_for_it_gets_nothing(store: Store) -> None:
    note(store, "one")

    assert (export(store, to=""), exported(store.home)) == (0, 0)


@contextmanager
def syslog() -> Iterator[tuple[int, list[bytes]]]:
    """A server that keeps what it is told until the caller hangs up."""
    came: list[bytes] = []

    class Keep(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            came.append(self.rfile.read())

    with socketserver.TCPServer(("127.0.0.1", 0), Keep) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield server.server_address[1], came
        thread.join()
