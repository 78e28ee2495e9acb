"""The sheets of a workbook as located cells: what stands where, of what kind, by which formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from openpyxl.utils import get_column_letter

from rules.dossiers.dossier import Cell, Value
from rules.dossiers.tolerances import UNSEEN

letters = cache(get_column_letter)
SEEN = re.compile(rf"[^\s{UNSEEN}]")
"""The first sign of a text that anybody sees."""


@dataclass(frozen=True, slots=True)
class Row(Mapping[int, Cell]):
    """One row's cells by column number. Cells are made when asked for: a roster has a million of them."""

    title: str
    number: int
    places: Mapping[int, int]
    """Column number to position; equal rows share one."""
    held: tuple[Value, ...]
    kinds: tuple[str, ...]
    formulas: Mapping[int, str]
    shown: Mapping[int, str]

    def __getitem__(self, column: int) -> Cell:
        place = self.places[column]
        formula, shown = self.formulas.get(column, ""), self.shown.get(column, "")
        ref = f"{letters(column)}{self.number}"
        return Cell(self.title, ref, self.held[place], self.kinds[place], formula, shown)

    def __iter__(self) -> Iterator[int]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def holds(self, column: int) -> bool:
        """Whether anything stands there that somebody sees, or a formula that nobody calculated; its cell is not
        made."""
        place = self.places.get(column)
        if place is None:
            return False
        value = self.held[place]
        return column in self.formulas if value is None else not is_empty(value)


def is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, str) and SEEN.search(value) is None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's title and its rows that hold anything, by number; and what a reader does not see."""

    title: str
    rows: Mapping[int, Row]
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    cut_after: int = 0
    """The row after which so much was empty that reading ended though something follows; else 0."""
    whole: bool = True
    """Whether it was read to its end."""
    merges: tuple[str, ...] = ()
    """Ranges of merged cells."""

    def cell(self, row: int, column: int) -> Cell:
        """The cell there, blank when nothing is."""
        there = self.rows.get(row)
        if there is not None and column in there.places:
            return there[column]
        return Cell(self.title, f"{letters(column)}{row}", None, "blank")


@dataclass
class Shared:
    """Equal tuples and maps of places kept once."""

    kept: dict[object, object] = field(default_factory=dict)

    def places(self, columns: tuple[int, ...]) -> Mapping[int, int]:
        found = self.kept.get(columns)
        if found is None:
            found = self.kept[columns] = {column: place for place, column in enumerate(columns)}
        assert isinstance(found, dict)
        return found

    def kinds(self, kinds: tuple[str, ...]) -> tuple[str, ...]:
        found = self.kept.setdefault(kinds, kinds)
        assert isinstance(found, tuple)
        return found
