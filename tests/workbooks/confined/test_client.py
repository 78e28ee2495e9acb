"""The reading process: what it answers, and what its death becomes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rules.dossiers.dossier import Finding, Understood
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, VILLAGE, full
from workbooks.confined import client
from workbooks.confined.client import Died, Reader, Readers, examine_apart
from workbooks.confined.examine import examine
from workbooks.confined.process import MEMORY
from workbooks.confined.wire import pickled, unpack
from workbooks.template.fill import fill

WHOSE = {"town_code": VILLAGE.town_code, "village_code": VILLAGE.code}
FILLED = fill(TEMPLATE, full())
QUESTION = pickled("examine", FILLED, campaign=CAMPAIGN, **WHOSE)

HUNGRY = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
sys.stdin.buffer.read(8)
bytearray({MEMORY})
"""


@pytest.fixture
def readers() -> Iterator[Readers]:
    made = Readers(1)
    yield made
    made.close()


def test_dossier_examined_apart_is_told_as_in_this_process() -> None:
    assert examine_apart(FILLED, campaign=CAMPAIGN, **WHOSE) == examine(FILLED, campaign=CAMPAIGN, **WHOSE)


@pytest.mark.programs
@pytest.mark.parametrize(
    ("script", "seconds", "slow"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGPROF)", 20, True),
        ("import sys; sys.exit(3)", 20, False),
        ("import time; time.sleep(60)", 0.2, True),
        (HUNGRY, 20, False),
    ],
)
def test_reader_that_dies_or_hangs_is_told_apart(script: str, seconds: float, slow: bool) -> None:
    with pytest.raises(Died) as died:
        Reader(("-c", script)).ask(QUESTION, seconds=seconds)

    assert died.value.slow is slow


def test_reader_that_died_is_replaced(readers: Readers) -> None:
    with pytest.raises(Died):
        readers.ask(b"no question", seconds=20)

    assert unpack(readers.ask(QUESTION, seconds=20), Understood).findings


def test_death_of_the_reader_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_: object, __: object, *, seconds: float) -> bytes:
        raise Died(slow=seconds < 1)

    monkeypatch.setattr(client.Readers, "ask", die)
    findings = [
        examine_apart(FILLED, campaign=CAMPAIGN, **WHOSE, seconds=seconds).findings for seconds in (0.5, 5)
    ]

    assert [one.code for [one] in findings if isinstance(one, Finding)] == ["reading_slow", "reading_died"]


def test_file_that_is_no_workbook_reaches_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "readers_of", None)

    [finding] = examine_apart(b"", campaign=CAMPAIGN, **WHOSE).findings

    assert finding.code == "file_empty"
