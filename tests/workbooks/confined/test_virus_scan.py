"""Bytes before the scanner: only a plain yes lets them go."""

from __future__ import annotations

import socket
from datetime import datetime
from pathlib import Path

import pytest

from rules.refusals import Refused
from tests.workbooks.clamd import CLAMD, EICAR, SmallClamd, real_clamd, small_clamd
from tests.workbooks.confined.test_examine import good
from workbooks.confined.virus_scan import AWAY, is_awake, refuse_infected, signatures_made
from workbooks.reproducible import zipped

LARGE = bytes(range(256)) * 4096


def test_clean_bytes_go_and_are_seen_whole() -> None:
    daemon = SmallClamd()
    with small_clamd(daemon) as scanner:
        done = [refuse_infected(data, scanner=scanner) for data in (b"", b"x", LARGE)]

    assert (done, daemon.seen) == ([None, None, None], [b"", b"x", LARGE])


def test_virus_is_named_in_the_refusal() -> None:
    with small_clamd(SmallClamd()) as scanner:
        refused = refuse_infected(EICAR, scanner=scanner)

    assert refused is not None
    assert (refused.code, "“Eicar-Test-Signature”" in refused.reason) == ("virus_found", True)


@pytest.mark.parametrize(
    "says",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK",
        b"stream: OK FOUND IT\0",
        b"UNKNOWN COMMAND\0",
        b"\0",
        b"x" * 10_000,
    ],
)
def test_anything_but_a_plain_yes_keeps_the_file(says: bytes) -> None:
    with small_clamd(SmallClamd(says=says)) as scanner:
        assert refuse_infected(b"x", scanner=scanner) == AWAY


@pytest.mark.parametrize("scanner", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_scanner_that_is_away_keeps_the_file(scanner: str) -> None:
    assert (refuse_infected(b"x", scanner=scanner), is_awake(scanner), signatures_made(scanner)) == (
        AWAY,
        False,
        None,
    )


def test_scanner_that_hangs_up_keeps_the_file() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as door:
        scanner = f"tcp://127.0.0.1:{door.getsockname()[1]}"
    assert refuse_infected(LARGE, scanner=scanner) == AWAY


def test_nothing_is_asked_without_a_scanner() -> None:
    assert refuse_infected(EICAR, scanner="") is None


def test_scanner_says_how_old_its_signatures_are() -> None:
    with small_clamd(SmallClamd()) as scanner:
        assert (is_awake(scanner), signatures_made(scanner)) == (True, datetime(2020, 11, 26, 10))  # noqa: DTZ001
    with small_clamd(SmallClamd(version=b"ClamAV 1.4.3")) as scanner:
        assert signatures_made(scanner) is None


@pytest.mark.programs
@pytest.mark.skipif(CLAMD is None, reason="clamd is not installed")
def test_real_clamd_finds_what_lies_in_a_workbook_and_refuses_what_is_too_large(tmp_path: Path) -> None:
    with real_clamd(tmp_path) as scanner:
        workbook = zipped({"xl/workbook.xml": b"x", "xl/media/image1.bin": EICAR})
        done = [refuse_infected(data, scanner=scanner) for data in (good(), workbook, LARGE * 2)]
        awake = is_awake(scanner)

    codes = [one.code if isinstance(one, Refused) else None for one in done]
    assert (awake, codes) == (True, [None, "virus_found", "scanner_away"])
