"""Putting values into cells: text stays text whatever it begins with, and how cells look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rules.dossiers.dossier import Value
from rules.signs import looks_live

FORMATS = {"id_number": "@", "text": "@", "date": "yyyy-mm-dd"}
"""By kind of column or field: the number format of its cells."""

TITLE_FONT = Font(name="黑体", size=16)
BODY_FONT = Font(name="仿宋_GB2312", size=11)
HEAD_FONT = Font(name="仿宋_GB2312", size=11, bold=True)
MARK_FONT = Font(name="仿宋_GB2312", size=10, color="C00000")
LINE = Side(style="thin", color="808080")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)

FILLS = {
    "required": PatternFill("solid", fgColor="FFF2CC"),
    "conditional": PatternFill("solid", fgColor="DDEBF7"),
    "optional": PatternFill(),
    "automatic": PatternFill("solid", fgColor="E7E6E6"),
}
"""By need: yellow must be filled, blue under a condition, grey never."""

A4 = 9


def put(cell: Cell | MergedCell, value: Value | Fraction) -> None:
    """Write a value as what it is; text never becomes a live formula."""
    if isinstance(cell, MergedCell):
        raise ValueError(f"{cell.coordinate} is the inside of a merged cell")
    if isinstance(value, Fraction):
        value = value.numerator if value.denominator == 1 else float(value)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if looks_live(value):
            cell.quotePrefix = True
    elif isinstance(value, date):
        cell.number_format = FORMATS["date"]


def dress(cell: Cell | MergedCell, *, font: Font = BODY_FONT, alignment: Alignment = CENTRED) -> None:
    cell.font, cell.alignment, cell.border = font, alignment, BOX


def head(sheet: Worksheet, *, title: str, below: str, mark: str, columns: int) -> None:
    """The title row, and the row below it with the place on the left and the mark in red."""
    for row, text, font, alignment, height in (
        (1, title, TITLE_FONT, CENTRED, 30),
        (2, f"{below}  {mark}" if mark else below, MARK_FONT if mark else BODY_FONT, LEFT, 32),
    ):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
        cell = sheet.cell(row, 1)
        put(cell, text)
        cell.font, cell.alignment = font, alignment
        sheet.row_dimensions[row].height = height


def header(sheet: Worksheet, row: int, columns: Sequence[tuple[str, int]], needs: Sequence[str] = ()) -> None:
    """Column titles with their widths, coloured by need."""
    for number, (title, width) in enumerate(columns, 1):
        cell = sheet.cell(row, number)
        put(cell, title)
        dress(cell, font=HEAD_FONT)
        cell.fill = FILLS[needs[number - 1] if needs else "optional"]
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[row].height = 34


def print_on_a4(
    sheet: Worksheet, *, landscape: bool, header_row: int, mark: str, pages_high: int = 0
) -> None:
    """One A4 page wide, titles repeated, page numbers and the mark at the foot."""
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, pages_high
    sheet.print_title_rows = f"1:{header_row}"
    sheet.freeze_panes = f"A{header_row + 1}"
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    footer = sheet.oddFooter
    if footer is not None:
        footer.left.text, footer.right.text = mark, "第 &P 页 共 &N 页"
