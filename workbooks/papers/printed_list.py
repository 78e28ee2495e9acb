"""Plain printable A4 lists: what the bureau signs, stamps and sends on."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rules.dossiers.dossier import Value
from workbooks.cells import dress, head, header, print_on_a4, put
from workbooks.layout import FIRST_ROW, HEADER_ROW
from workbooks.reproducible import sealed

PAGE_WIDTH = 88
"""Characters across an A4 page, shared out among the columns."""


def write_list(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[Value | Fraction]], mark: str = ""
) -> bytes:
    """A workbook with one sheet; ``mark`` is printed on it. Text is never a formula; same in, same out."""
    workbook = Workbook()
    sheet: Worksheet = workbook.worksheets[0]
    sheet.title = "名单"
    head(sheet, title=title, below="", mark=mark, columns=len(columns))
    header(sheet, HEADER_ROW, list(zip(columns, widths(columns, rows), strict=True)))
    for number, row in enumerate(rows, FIRST_ROW):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            put(cell, value)
            dress(cell)
    print_on_a4(sheet, landscape=False, header_row=HEADER_ROW, mark=mark)
    return sealed(workbook)


def widths(columns: Sequence[str], rows: Sequence[Sequence[Value | Fraction]]) -> list[int]:
    """Each column's share of the page, by its longest text."""
    longest = [
        max(len(title), *(len(str(row[n])) for row in rows), 4) if rows else max(len(title), 4)
        for n, title in enumerate(columns)
    ]
    return [max(6, PAGE_WIDTH * one // sum(longest)) for one in longest]
