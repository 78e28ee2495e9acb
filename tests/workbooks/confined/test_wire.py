"""What goes over the wire comes out as it was: every type of answer, whatever stands in it."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import example, given, seed
from hypothesis import strategies as some

from config.places import ROOT
from rules.dossiers.differences import Difference
from rules.dossiers.dossier import Finding, Understood
from rules.dossiers.pictures import Picture
from rules.refusals import Refused
from workbooks.confined.differences import OUTCOMES, Compared
from workbooks.confined.pictures import packed, unpacked
from workbooks.confined.roster import RosterLine
from workbooks.confined.wire import behind, pack, receive, send, unpack

TEXTS = some.text(max_size=9) | some.sampled_from(["", "true", "1", "1.0", "7/2", "2020-01-02", "null", "\n"])
NUMBERS = some.integers(-(10**330), 10**330)
PLAIN = TEXTS | NUMBERS | some.booleans() | some.floats(allow_nan=False, allow_infinity=False)
ROWS = some.integers(0, 10**6)

LINES = some.lists(
    some.builds(
        RosterLine,
        ROWS,
        some.dictionaries(TEXTS, PLAIN),
        some.dictionaries(TEXTS, some.dates()),
    )
)
UNDERSTOOD = some.builds(
    Understood,
    findings=some.lists(some.builds(Finding, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)).map(tuple),
    acceptable=some.booleans(),
    facts=some.dictionaries(TEXTS, some.fractions() | NUMBERS),
    people=some.lists(some.tuples(ROWS, TEXTS)).map(tuple),
    explained=some.lists(ROWS).map(tuple),
    asks=some.lists(TEXTS).map(tuple),
)
LOOKALIKES = [
    RosterLine(4, {"a": True, "b": 1, "c": 1.0, "d": "1", "e": "true", "f": -0.0, "g": 10**330}, {}),
    RosterLine(5, {"a": "2020-01-02", "b": 1e22, "c": 5e-324, "d": False, "e": 0}, {}),
]


def picture(name: str, shown: bytes) -> Picture:
    body = {"shown": shown, "thumbnail": shown[:2]}
    return Picture(name, sha256(shown).hexdigest(), len(shown), sheet=name, **body)


PICTURES = some.lists(some.builds(picture, TEXTS, some.sampled_from([b"", b"\n", b"\xff\n\n\x00"])))


@seed(7)
@given(UNDERSTOOD)
def test_examination_on_its_way_stays_as_it_was(understood: Understood) -> None:
    assert repr(unpack(pack(understood), Understood)) == repr(understood)


@seed(7)
@given(some.from_type(Difference) | some.from_type(Refused))
def test_comparison_on_its_way_stays_as_it_was(compared: Compared) -> None:
    assert repr(unpack(pack(compared), *OUTCOMES)) == repr(compared)


@seed(7)
@given(LINES)
@example(LOOKALIKES)
def test_roster_on_its_way_stays_as_it_was(lines: list[RosterLine]) -> None:
    # 1, 1.0 and True are equal; only how they are written tells them apart.
    assert repr(unpack(pack(lines), list[RosterLine])) == repr(lines)


@seed(7)
@given(PICTURES)
def test_pictures_on_their_way_stay_as_they_were(pictures: list[Picture]) -> None:
    assert unpacked(packed(pictures)) == tuple(pictures)


def test_picture_that_stands_in_two_places_goes_over_once() -> None:
    first, second = picture("a", b"same"), picture("b", b"same")

    assert behind(packed([first, second])) == b"samesa"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"Understood",
        b"Understood\n{}\n",
        b"Understood\nnothing\n",
        b'Understood\n{"findings": [], "acceptable": 1, "facts": {}}\n',
        b'Understood\n{"findings": [], "acceptable": true, "facts": {"a": "b"}}\n',
        pack(Refused("x", "不行")),
        pack([]),
    ],
)
def test_anything_but_the_answer_asked_for_is_an_error(message: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        unpack(message, Understood)


def test_messages_come_one_after_the_other_until_the_end() -> None:
    pipe = BytesIO()
    send(pipe, b"first\n")
    send(pipe, b"")
    pipe.write(b"broken off")
    pipe.seek(0)

    assert [receive(pipe), receive(pipe)] == [b"first\n", b""]
    with pytest.raises(EOFError):
        receive(pipe)


@pytest.mark.programs
def test_reading_process_starts_without_schemas() -> None:
    code = "import sys, workbooks.confined.process; sys.exit('pydantic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
