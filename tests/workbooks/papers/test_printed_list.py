"""Printable lists."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

from openpyxl import load_workbook

from rules.dossiers.dossier import Value
from workbooks.papers.printed_list import write_list

ROWS: list[list[Value | Fraction]] = [[1, "八都镇", "第一村", Fraction(189, 2)], [2, "查田镇", "=1+1", 10000]]


def test_list_written_holds_title_mark_and_rows_as_text() -> None:
    sheet = load_workbook(
        BytesIO(write_list("名单", ["序号", "镇", "村", "分"], ROWS, "自拟示例"))
    ).worksheets[0]

    assert (sheet["A1"].value, "自拟示例" in sheet["A2"].value) == ("名单", True)
    assert [cell.value for cell in sheet[4]] == [1, "八都镇", "第一村", 94.5]
    assert (sheet["C5"].value, sheet["C5"].data_type) == ("=1+1", "s")
    assert sheet.page_setup.paperSize == 9


def test_list_written_twice_is_the_same_bytes() -> None:
    assert write_list("名单", ["序号", "镇", "村", "分"], ROWS) == write_list(
        "名单", ["序号", "镇", "村", "分"], ROWS
    )


def test_list_without_rows_has_its_titles() -> None:
    sheet = load_workbook(BytesIO(write_list("名单", ["序号", "社区(村)"], []))).worksheets[0]

    assert [cell.value for cell in sheet[3]] == ["序号", "社区(村)"]
