"""Text that begins like a formula is marked as text in every workbook that the house gives away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from rules.dossiers.checks.annotation import LIST_TITLE
from rules.dossiers.dossier import Finding
from rules.signs import LIVE, looks_live
from tests.workbooks.annotate.test_annotate import copy_of
from tests.workbooks.confined.test_examine import ROSTER, SURVEY, edited, good, in_cell
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, VILLAGE, person
from workbooks.papers.printed_list import write_list
from workbooks.template.fill import Filling, fill
from workbooks.template.template import make_template

BEGINNINGS = [sign for sign in LIVE if sign not in "\t\r\n"]
"""Those that come back from a workbook's XML as they went in."""


def named(sign: str) -> str:
    return f"{sign}HYPERLINK(1)"


def texts(data: bytes) -> dict[tuple[str, str], tuple[str, bool]]:
    """Every text that begins like a formula, and whether it is marked as text."""
    return {
        (sheet.title, cell.coordinate): (cell.value, bool(cell.quotePrefix))
        for sheet in load_workbook(BytesIO(data)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type != "f" and isinstance(cell.value, str) and looks_live(cell.value)
    }


def prefilled(sign: str) -> bytes:
    return make_template(CAMPAIGN, VILLAGE.code, roster=[person(1) | {"name": named(sign)}])


def for_a_village(sign: str) -> bytes:
    village = replace(VILLAGE, name=named(sign))
    return make_template(replace(CAMPAIGN, villages=(village, *CAMPAIGN.villages[1:])), VILLAGE.code)


def filled_in(sign: str) -> bytes:
    field = CAMPAIGN.forms.survey[-1].key
    return fill(TEMPLATE, Filling(roster=[person(1) | {"phone": named(sign)}], survey={field: named(sign)}))


def listed(sign: str) -> bytes:
    return write_list(named(sign), [named(sign), "姓名"], [[1, named(sign)]])


def told(sign: str) -> bytes:
    findings = (Finding("x", "error", named(sign), "C5", named(sign)),)
    return copy_of(good(), findings)


def shared(sign: str) -> bytes:
    def put(book: object) -> None:
        for ref in ("C5", "C6"):
            cell = book[SURVEY][ref]  # type: ignore[index]
            cell.value, cell.data_type = named(sign), "s"

    return copy_of(edited(put), (Finding("x", "error", SURVEY, "C6", "错"),))


def of_its_own(sign: str) -> bytes:
    inside = f' t="inlineStr"><is><t>{named(sign)}</t></is>'
    return copy_of(in_cell("C5", inside), (Finding("x", "error", ROSTER, "C5", "错"),))


WAYS = [prefilled, for_a_village, filled_in, listed, told, shared, of_its_own]


@pytest.mark.parametrize("sign", BEGINNINGS)
@pytest.mark.parametrize("way", WAYS)
def test_text_that_begins_like_a_formula_is_marked_as_text(way: Callable[[str], bytes], sign: str) -> None:
    found = texts(way(sign))

    assert named(sign) in {text for text, _ in found.values()}
    assert [place for place, (_, marked) in found.items() if not marked] == []


def test_mark_and_look_of_a_cell_stay_when_its_text_is_marked() -> None:
    sheet = load_workbook(BytesIO(shared("=")))[SURVEY]

    plain, marked = sheet["C5"], sheet["C6"]
    assert (plain.font.name, plain.border.left.style) == (marked.font.name, marked.border.left.style)
    assert (plain.fill.fgColor.rgb == marked.fill.fgColor.rgb, marked.fill.patternType) == (False, "solid")


def test_copy_of_a_copy_looks_as_the_first() -> None:
    first = shared("=")

    again = load_workbook(BytesIO(copy_of(first, ())))[SURVEY]["C6"]

    before = load_workbook(BytesIO(first))[SURVEY]["C5"]
    assert (again.fill.fgColor.rgb, again.quotePrefix) == (before.fill.fgColor.rgb, True)


def test_cells_without_such_text_are_not_touched() -> None:
    before, after = (load_workbook(BytesIO(data)) for data in (good(), copy_of(good(), ())))

    marked = [
        {(s.title, c.coordinate) for s in book.worksheets for r in s.iter_rows() for c in r if c.quotePrefix}
        for book in (before, after)
    ]
    assert (marked[0], LIST_TITLE in after.sheetnames) == (marked[1], True)
