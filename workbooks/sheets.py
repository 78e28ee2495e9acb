"""The sheets of a workbook as located cells: what stands where, of what kind, by which formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from rules.dossier import Cell, Value

LAST_ROW = 20_001
LAST_COLUMN = 100
"""Nothing of ours stands beyond; stray cells at the far end of a sheet are not looked at."""

KINDS: Mapping[str, str] = {
    "s": "text",
    "str": "text",
    "inlineStr": "text",
    "n": "number",
    "d": "date",
    "b": "flag",
    "e": "error",
}
"""By openpyxl's type of a cell: ours."""

FORMULA = "f"
Located = Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's title and its rows that hold anything: row number to cells by column number."""

    title: str
    rows: Mapping[int, Located]

    def cell(self, row: int, column: int) -> Cell:
        """The cell there, blank when nothing is."""
        there = self.rows.get(row, {}).get(column)
        return there or Cell(self.title, f"{get_column_letter(column)}{row}", None, "blank")


def read_sheets(data: bytes, wanted: Callable[[str], bool]) -> tuple[Sheet, ...]:
    """The sheets whose title is ``wanted``; formulas with the values that were last calculated."""
    sheets = tuple(stream(data, wanted, values=False))
    with_formulas = {sheet.title for sheet in sheets if any(cell.formula for cell in cells_of(sheet))}
    if not with_formulas:
        return sheets
    calculated = {sheet.title: sheet for sheet in stream(data, with_formulas.__contains__, values=True)}
    return tuple(with_values(sheet, calculated.get(sheet.title)) for sheet in sheets)


def stream(data: bytes, wanted: Callable[[str], bool], *, values: bool) -> Iterator[Sheet]:
    """Row by row, which holds one row of XML at a time instead of a whole sheet."""
    workbook = load_workbook(BytesIO(data), read_only=True, data_only=values, keep_links=False)
    try:
        for sheet in workbook.worksheets:
            if wanted(sheet.title):
                # Other programs write wrong dimensions, and openpyxl would believe them.
                sheet.reset_dimensions()
                rows = sheet.iter_rows(max_row=LAST_ROW, max_col=LAST_COLUMN)
                yield Sheet(sheet.title, dict(located(sheet.title, rows)))
    finally:
        workbook.close()


def located(title: str, rows: Iterable[Iterable[object]]) -> Iterator[tuple[int, Located]]:
    for number, row in enumerate(rows, 1):
        cells = {
            column: locate(title, number, column, cell)
            for column, cell in enumerate(row, 1)
            if getattr(cell, "value", None) is not None
        }
        if cells:
            yield number, cells


def locate(title: str, row: int, column: int, cell: object) -> Cell:
    raw, kind = getattr(cell, "value", None), getattr(cell, "data_type", "n")
    ref = f"{get_column_letter(column)}{row}"
    if kind == FORMULA:
        return Cell(title, ref, None, "blank", formula=str(getattr(raw, "text", raw)))
    value = tidy(raw)
    return Cell(title, ref, value, KINDS.get(kind, "text") if value != "" else "blank")


def tidy(raw: object) -> Value:
    """Line breaks of one kind, whole days as dates; times of day and other oddities as text."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, bool | int | float | date):
        return raw
    return str(raw).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")


def cells_of(sheet: Sheet) -> Iterator[Cell]:
    return (cell for row in sheet.rows.values() for cell in row.values())


def with_values(sheet: Sheet, calculated: Sheet | None) -> Sheet:
    """Formulas with what they last gave; the others as they are."""
    if calculated is None:
        return sheet
    rows = {
        number: {column: valued(cell, calculated.cell(number, column)) for column, cell in row.items()}
        for number, row in sheet.rows.items()
    }
    return Sheet(sheet.title, rows)


def valued(cell: Cell, calculated: Cell) -> Cell:
    if not cell.formula:
        return cell
    return Cell(cell.sheet, cell.ref, calculated.value, calculated.kind, cell.formula)
