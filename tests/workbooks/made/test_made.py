"""Workbooks as clerks make them: every kind of spelling and mistake, by every program; the answer is computed.

``HQE_MADE_WORKBOOKS=5000 ./hqe test tests/workbooks/made`` makes so many; CI makes 500, two of them by each program
that has to be started.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pytest

from rehearsal.people.workbooks import fill_dossier
from rules.dossiers.dossier import Dossier, Value
from rules.dossiers.tolerances import INVISIBLE, TOLERANCES
from tests.workbooks.made.writers import SLOW, WRITERS, Grid, grid_of
from tests.workbooks.samples import CAMPAIGN, VILLAGE
from workbooks.confined.examine import examine
from workbooks.read.dossier import read_dossier
from workbooks.read.reference_readers import differences

TOLD = os.environ.get("HQE_MADE_WORKBOOKS")
MANY = int(TOLD or (500 if os.environ.get("CI") else 70))
FEW = 2
"""So many go through a program that is slow to start, unless somebody asks for a number."""
ROSTER, SURVEY = CAMPAIGN.forms.sheet("roster"), CAMPAIGN.forms.sheet("survey")
COLUMNS = {one.key: n for n, one in enumerate(CAMPAIGN.forms.roster, 1)}
FIRST = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that a clerk does to one cell: what is typed where ``meant`` stood, and the code that it must give;
    an empty code means that nothing has to be said."""

    key: str
    typed: Value
    meant: Value
    code: str


def tolerated() -> Iterator[Kind]:
    """From the table of spellings: what it takes is accepted, and told where a formula does not see it."""
    for column in CAMPAIGN.forms.roster:
        for typed, meant in TOLERANCES[column.kind].samples if column.kind in ("choice", "choices") else ():
            if column.need != "automatic" and set(meant.split("、")) <= set(column.choices):
                told = "text_corrected" if INVISIBLE.search(typed) else "spelling_corrected"
                yield Kind(column.key, typed, meant, told if column.kind == "choice" else "")
    for typed, _ in TOLERANCES["date"].samples:
        yield Kind("surveyed_on", typed, None, "")
    for sex in ("男", "女"):
        yield Kind("sex", f"{sex}性", sex, "spelling_corrected")
    for typed, meant in TOLERANCES["household"].samples[:2]:
        yield Kind("household", typed, f"000{meant}", "")


def mistaken() -> Iterator[Kind]:
    """What no table takes, with the code of its kind."""
    for name in ("12345", "李?", "无", "合计", "李*", "张三、李四", "TRUE", date(2020, 1, 2)):
        yield Kind("name", name, None, "no_name")
    for key in ("name", "phone", "wishes"):
        yield Kind(key, "nan", None, "text_garbled")
    yield Kind("phone", "33119919900307001X", None, "phone_is_id")
    yield Kind("phone", "13800000000.0", None, "phone_odd")
    yield Kind("wishes", "字" * 5000, None, "text_long")
    yield Kind("surveyor", "同上", None, "same_as_above")
    yield Kind("name", "同上", None, "same_as_above")
    yield Kind("name", "李\ufffd", None, "text_garbled")
    yield Kind("name", True, None, "text_garbled")
    yield Kind("phone", "1.38E+10", None, "text_garbled")
    yield Kind("residence", "外星", None, "choice_unknown")
    yield Kind("surveyed_on", "昨天", None, "date_unreadable")
    yield Kind("id_number", "33119919900307001", None, "id_length")
    yield Kind("id_number", "13812345678", None, "id_is_phone")
    yield Kind("id_number", "33119920990307001X", None, "id_birth_date")
    yield Kind("household", None, None, "required_blank")


KINDS = (*tolerated(), *mistaken())


@lru_cache(maxsize=8)
def good(seed: int) -> Grid:
    data = fill_dossier(CAMPAIGN, VILLAGE.code, plot="good", version=1, seed=seed, rows=(12, 12))
    return grid_of(data)


def made(seed: int) -> tuple[Grid, list[tuple[str, str]]]:
    """A dossier with one to three things done to it, and the (code, cell) that must be told, as computed."""
    dice = random.Random(seed)
    grid = {title: dict(cells) for title, cells in good(seed % 8).items()}
    expected: list[tuple[str, str]] = []
    for kind in dice.sample(KINDS, dice.randint(1, 3)):
        column = COLUMNS[kind.key]
        rows = [
            row
            for row in range(FIRST, FIRST + 12)
            if kind.meant is None or grid[ROSTER].get((row, column)) == kind.meant
        ]
        if not rows or any(cell.startswith(letter(column)) for _, cell in expected):
            continue
        row = dice.choice(rows)
        grid[ROSTER][row, column] = kind.typed
        expected += [(kind.code, f"{letter(column)}{row}")] if kind.code else []
    return grid, expected


def letter(column: int) -> str:
    return chr(ord("A") + column - 1)


def judge(data: bytes, expected: Sequence[tuple[str, str]], name: str) -> list[str]:
    """What is not as computed, and every place where a second reader sees another value."""
    told = examine(data, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code)
    there = {(one.code, one.ref) for one in told.findings}
    wrong = [f"{name}: {one} is not told" for one in expected if one not in there]
    errors = [one for one in told.findings if one.severity == "error"]
    if not any(one.severity == "error" for one in told.findings if (one.code, one.ref) in expected):
        wrong += [f"{name}: {one.message}" for one in errors]
    if told.acceptable:
        dossier = read_dossier(data, CAMPAIGN)
        assert isinstance(dossier, Dossier)
        wrong += [f"{name}: {one}" for one in differences(data, dossier)]
    return wrong


@pytest.mark.programs
@pytest.mark.parametrize("program", WRITERS)
def test_workbook_is_answered_as_computed_whatever_program_wrote_it(program: str) -> None:
    names = list(WRITERS)
    seeds = range(names.index(program), MANY, len(names))
    seeds = seeds[:FEW] if program in SLOW and not TOLD else seeds
    cases = [made(seed) for seed in seeds]

    files = WRITERS[program]([grid for grid, _ in cases])

    wrong = [
        line
        for seed, data, (_, expected) in zip(seeds, files, cases, strict=True)
        for line in judge(data, expected, f"{program} {seed}")
    ]
    assert wrong == []
    assert len(files) == len(cases) > 0
