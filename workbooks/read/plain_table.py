"""A table of somebody else's program: CSV in either usual encoding, or the first sheet of a workbook, as text."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import BytesIO, StringIO

from python_calamine import CalamineWorkbook

from rules.refusals import Refused
from rules.signs import any_text, has_unseen

ENCODINGS = ("utf-8-sig", "gb18030")
UNREADABLE = Refused("not_a_table", "文件读不出来，请另存为CSV(UTF-8)或xlsx后重新导入。")


def read_csv(data: bytes) -> list[list[str]] | Refused:
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _lines_of(text)
    return UNREADABLE


def _lines_of(text: str) -> list[list[str]] | Refused:
    """A quote that nobody closed would swallow every line below it: such a table is refused as a whole."""
    lines = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        table = [[cell.strip() for cell in line] for line in lines]
    except csv.Error:
        return Refused(
            "broken_table",
            f"文件在第{lines.line_num}行附近读不下去：引号没有成对，或一格文字过长。请另存为CSV(UTF-8)或xlsx后重新导入。",
        )
    return UNREADABLE if any_text(table, has_unseen) else table


def read_first_sheet(data: bytes) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
    return [[as_text(cell) for cell in line] for line in sheet.to_python(skip_empty_area=True)]


def as_text(cell: object) -> str:
    """A cell as its column means it: whole numbers without a point, days in ISO form."""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()
