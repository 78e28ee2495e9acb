"""A dossier as plain located cells, and the findings that checks make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from rules.dossiers.pictures import Picture

WHOLE = 1e15
"""Numbers below are kept by spreadsheets to the last digit."""
Value = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it came: ``kind`` is text, number, date, flag, error or blank.

    ``formula`` holds the formula's text when there was one; ``value`` is then what Excel
    had calculated last, or None when the file was never calculated. ``shown`` holds the digits that
    a custom number format shows instead of the value's.
    """

    sheet: str
    ref: str
    value: Value
    kind: str
    formula: str = ""
    shown: str = ""

    @property
    def text(self) -> str:
        """The value as trimmed text, empty for a blank cell; whole numbers without a point."""
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < WHOLE:
            return str(int(self.value))
        return "" if self.value is None else str(self.value).strip()


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of annex 2: the row number in Excel and the cells by column key."""

    number: int
    cells: Mapping[str, Cell]


ODD = "\0"
"""Stands for a cell of which its value alone does not tell all: a formula, an error, a format that misleads."""


ODD_KINDS = frozenset({"error", "flag"})


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something about a sheet rather than a cell: a code of the stage ``structure``, where, and how often."""

    code: str
    sheet: str
    refs: tuple[str, ...] = ()
    what: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Dossier:
    """One village's four annexes.

    ``identity`` holds campaign, form_version, town_code and village_code; ``claims`` the inputs and
    self-scores of annex 1 under ``B1.1/1`` (first checklist item), ``B1.3`` (a number) and
    ``A1.1:score`` (the town's own points); ``survey`` and ``recommendation`` the fields of annexes
    3 and 4 by field key.
    """

    identity: Mapping[str, Cell]
    roster: tuple[RosterRow, ...]
    claims: Mapping[str, Cell]
    survey: Mapping[str, Cell]
    recommendation: Mapping[str, Cell]
    missing_sheets: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    headings: tuple[Cell, ...] = ()
    """What stands above the titles of each annex."""
    merged: tuple[tuple[str, str], ...] = ()
    """Ranges of merged cells below the titles: the sheet, and the range as B4:B6."""
    strangers: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)
    """By form: titles that are none of ours."""
    likely_sheets: Mapping[str, str] = field(default_factory=dict)
    """Missing form to the title of a sheet that looks like it."""
    unjoined: Mapping[int, str] = field(default_factory=dict)
    """Roster rows whose masked ID number could not be joined with last year's, and the finding that says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. ``severity`` is error, warning, corrected or trial."""

    code: str
    severity: str
    sheet: str
    ref: str
    message: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What the checks made of an upload: findings, and, when it is acceptable, its facts and people."""

    findings: tuple[Finding, ...]
    acceptable: bool
    facts: Mapping[str, Fraction | int]
    people: tuple[tuple[int, str], ...] = ()
    """(row number in Excel, ID number)."""
    explained: tuple[int, ...] = ()
    """Rows in which the town explained what is odd about a number."""
    pictures: tuple[Picture, ...] = ()
    """Evidence that the workbook carries, as it can be shown."""
    asks: tuple[str, ...] = ()
    """Places of last year's numbers that masked cells stand for: nothing was checked, ask again with them."""
