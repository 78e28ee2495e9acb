"""Other readers of the same bytes, to hold ours against: bare openpyxl for time, calamine for values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO

from openpyxl import load_workbook
from python_calamine import CalamineError, CalamineWorkbook

from rules.dossiers.dossier import Cell, Dossier
from workbooks.read.sheet_stream import column_of

Plain = str | float | date


class Unseen(Exception):
    """calamine does not open this file."""


def load_bare(data: bytes) -> int:
    """One ordinary load by openpyxl, as most programs do it; how many sheets there are."""
    return len(load_workbook(BytesIO(data)).worksheets)


def load_and_save_bare(data: bytes) -> int:
    """One ordinary load and one ordinary save by openpyxl; the size of what was written."""
    written = BytesIO()
    load_workbook(BytesIO(data)).save(written)
    return written.tell()


def differences(data: bytes, dossier: Dossier) -> list[str]:
    """The places where calamine reads another value than the dossier has, after ``plain``. Raises ``Unseen``."""
    titles = {cell.sheet for cell in cells_of(dossier)}
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        grids = {
            title: workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for title in sorted(titles)
        }
    except CalamineError as error:
        raise Unseen(str(error)) from error
    return [
        f"{cell.sheet}!{cell.ref}: {plain(cell.value)!r} is {there!r}"
        for cell in cells_of(dossier)
        if cell.kind != "error" and plain(cell.value) != (there := plain(value_at(grids, cell)))
    ]


def cells_of(dossier: Dossier) -> Iterator[Cell]:
    """Every cell that a dossier was judged by and that has a place."""
    answers: list[Mapping[str, Cell]] = [dossier.claims, dossier.survey, dossier.recommendation]
    answers += [row.cells for row in dossier.roster]
    for some in answers:
        yield from (cell for cell in some.values() if cell.ref)


def value_at(grids: Mapping[str, Sequence[Sequence[object]]], cell: Cell) -> object:
    letters = cell.ref.rstrip("0123456789")
    row, column = int(cell.ref[len(letters) :]) - 1, column_of(letters) - 1
    grid = grids.get(cell.sheet, [])
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else None


def plain(value: object) -> Plain:
    """The listed normalisations: blanks are empty text, numbers are floats, moments are days, flags 0 or 1,
    line breaks are of one kind and blanks around a text do not count."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
