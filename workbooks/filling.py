"""Filling a template as a clerk would: for rehearsals and tests that need real workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rules.dossier import Value
from workbooks.layout import ANCHOR_COLUMN, FIRST_ROW, IDENTITY_SHEET
from workbooks.sealing import sealed
from workbooks.writing import put

Answers = Mapping[str, Value | Fraction]
Place = tuple[int, int]

SCORES, ROSTER, SURVEY, RECOMMENDATION = range(4)
"""The order of the annexes in the workbook."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What goes into a dossier, by the keys of ``rules.dossier.Dossier``."""

    roster: Sequence[Answers] = ()
    claims: Answers = field(default_factory=dict)
    survey: Answers = field(default_factory=dict)
    recommendation: Answers = field(default_factory=dict)


def fill(template: bytes, content: Filling) -> bytes:
    """``template`` with ``content``; keys it has no place for raise ``KeyError``. Same in, same bytes out."""
    workbook = load_workbook(BytesIO(template))
    places = anchors(workbook)
    for number, answers in (
        (SCORES, content.claims),
        (SURVEY, content.survey),
        (RECOMMENDATION, content.recommendation),
    ):
        sheet = workbook.worksheets[number]
        for key, value in answers.items():
            put(sheet.cell(*places[sheet.title][key]), value)
    fill_roster(workbook.worksheets[ROSTER], places, content.roster)
    return sealed(workbook)


def fill_roster(
    sheet: Worksheet, places: Mapping[str, Mapping[str, Place]], roster: Sequence[Answers]
) -> None:
    columns = {key: column for key, (_, column) in places[sheet.title].items()}
    # Public style attributes would be set one by one: 40 times slower on a long roster.
    patterns = {column: copy(sheet.cell(FIRST_ROW, column)._style) for column in columns.values()}  # type: ignore[union-attr]
    for number, answers in enumerate(roster, FIRST_ROW):
        for column, pattern in patterns.items():
            sheet.cell(number, column)._style = copy(pattern)  # type: ignore[union-attr]
        for key, value in answers.items():
            put(sheet.cell(number, columns[key]), value)


def anchors(workbook: Workbook) -> dict[str, dict[str, Place]]:
    """Where every input stands, by sheet title and key, as the template says itself."""
    places: dict[str, dict[str, Place]] = {}
    for title, key, row, column in anchor_rows(workbook[IDENTITY_SHEET]):
        places.setdefault(title, {})[key] = (row, column)
    return places


def anchor_rows(sheet: Worksheet) -> Iterator[tuple[str, str, int, int]]:
    for title, key, row, column in sheet.iter_rows(
        min_col=ANCHOR_COLUMN, max_col=ANCHOR_COLUMN + 3, values_only=True
    ):
        if title:
            yield str(title), str(key), int(str(row)), int(str(column))
