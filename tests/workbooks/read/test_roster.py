"""What clerks do to a roster in a real workbook: nobody is made up, nobody is left out, and all of it is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from rehearsal.people.workbooks import fill_dossier
from rules.dossiers.dossier import Finding, Understood
from tests.workbooks.raw import ROSTER_PART, changed_parts
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, VILLAGE
from workbooks.confined.examine import examine
from workbooks.read.dossier import read_dossier

ROSTER = CAMPAIGN.forms.sheet("roster")
PEOPLE = 12
END = 3 + PEOPLE


@lru_cache(maxsize=1)
def good() -> bytes:
    return fill_dossier(CAMPAIGN, VILLAGE.code, plot="good", version=1, seed=3, rows=(PEOPLE, PEOPLE))


def changed(change: Callable[[Worksheet], object]) -> bytes:
    workbook, saved = load_workbook(BytesIO(good())), BytesIO()
    change(workbook[ROSTER])
    workbook.save(saved)
    return saved.getvalue()


def understood(data: bytes) -> Understood:
    return examine(data, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code)


def told(data: bytes) -> list[Finding]:
    return [one for one in understood(data).findings if one.code != "households_without_work"]


def put(**cells: object) -> Callable[[Worksheet], object]:
    def change(sheet: Worksheet) -> None:
        for ref, value in cells.items():
            sheet[ref] = value

    return change


def people_in(data: bytes) -> list[int]:
    dossier = read_dossier(data, CAMPAIGN)
    return [row.number for row in dossier.roster]  # type: ignore[union-attr]


# --- days and numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [20201022, "20201022"])
def test_day_typed_as_one_number_is_that_day_whatever_the_format(value: object) -> None:
    def typed(sheet: Worksheet) -> None:
        sheet["U5"] = value
        sheet["U5"].number_format = "yyyy-mm-dd"

    data = changed(typed)

    assert told(data) == []
    assert read_dossier(data, CAMPAIGN).roster[1].cells["surveyed_on"].text == "20201022"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("ref", "value", "code"),
    [
        ("U5", 99999999, "date_unreadable"),
        ("I5", 13800000000, ""),
        ("D5", 331199199003070019, "id_truncated"),
        ("U5", date(2020, 10, 22), ""),
    ],
)
def test_number_in_the_format_of_a_day_is_judged_as_what_it_is(ref: str, value: object, code: str) -> None:
    def typed(sheet: Worksheet) -> None:
        sheet[ref] = value
        sheet[ref].number_format = "yyyy/m/d"

    assert [(one.code, one.ref) for one in told(changed(typed))] == ([(code, ref)] if code else [])


# --- who is a person -----------------------------------------------------------------------------------------


def test_formulas_that_give_nothing_make_nobody() -> None:
    formulas = changed(put(**{f"{column}{END + 1}": '=IF(A1="","","")' for column in "BCDGHJK"}))
    cell = re.compile(rf'<c r="([A-Z]{END + 1})"([^>]*?)><f>(.*?)</f><v ?(?:/>|></v>)</c>')

    data = changed_parts(
        formulas, {ROSTER_PART: lambda xml: cell.sub(r'<c r="\1"\2 t="str"><f>\3</f><v></v></c>', xml)}
    )

    assert (told(data), len(people_in(data))) == ([], PEOPLE)


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\u200b", "\u00a0\ufeff"])
def test_cells_in_which_nobody_sees_anything_make_nobody(blank: str) -> None:
    data = changed(put(**{f"{column}{END + 1}": blank for column in "BCDGHJK"}))

    assert (told(data), len(people_in(data))) == ([], PEOPLE)


def test_formula_that_nobody_calculated_is_told_with_its_cell() -> None:
    data = changed(put(C6="=A1", B7="=A1", D8="=A1", I9="=A1", K10="=A1"))

    uncalculated = [one.ref for one in told(data) if one.code == "formula_uncalculated"]
    assert (sorted(uncalculated), len(people_in(data))) == (["B7", "C6", "D8", "I9", "K10"], PEOPLE)


# --- what closes the list ------------------------------------------------------------------------------------

CLOSINGS = [
    {"A": "合计", "C": 12},
    {"C": "合 计", "D": "12人"},
    {"B": "总计：12人"},
    {"A": "填表人：张三", "H": "审核人：李四", "K": "日期：2020年10月23日"},
    {"C": "填表人:张三"},
    {"B": "单位负责人（签字）：", "C": "张三"},
    {"A": "备注：本表一式两份", "G": "本村常住", "H": "初中", "J": "无意愿"},
    {"C": "备注"},
    {"C": "注：外出人员由家属代填"},
    {"B": "（盖章）"},
    {"C": "以下空白"},
]


@pytest.mark.parametrize("closing", CLOSINGS)
@pytest.mark.parametrize("below", [1, 3])
def test_what_closes_the_list_is_nobody_and_is_told_as_not_read(
    closing: dict[str, object], below: int
) -> None:
    row = END + below
    data = changed(put(**{f"{column}{row}": value for column, value in closing.items()}))

    [one] = told(data)

    assert (one.code, one.ref, one.severity) == ("rows_not_read", f"第{row}行", "warning")
    assert people_in(data) == list(range(4, END + 1))


def test_people_below_the_end_of_the_list_are_refused_by_their_rows() -> None:
    def subtotal(sheet: Worksheet) -> None:
        sheet.insert_rows(END - 1)
        sheet[f"C{END - 1}"] = "小计"

    [refused, passed] = told(changed(subtotal))

    assert (refused.code, passed.code) == ("rows_after_end", "rows_not_read")
    assert f"第{END - 1}行是合计、备注或签名，其后还有人员（第{END}行、第{END + 1}行）" in refused.message


@pytest.mark.parametrize(
    "cells",
    [{"C5": "合计"}, {"C5": "备注：张三"}, {"W5": "说明：外出"}, {"W5": "填表人：张三"}, {"T5": "合计"}],
)
def test_somebody_with_a_number_is_a_person_whatever_else_is_written(cells: dict[str, object]) -> None:
    assert people_in(changed(put(**cells))) == list(range(4, END + 1))


@pytest.mark.parametrize("explanation", ["备注：证件遗失", "合计"])
def test_somebody_without_a_number_is_a_person_by_name(explanation: str) -> None:
    data = changed(put(D5=None, W5=explanation))

    assert [(one.code, one.ref) for one in told(data) if one.severity == "error"] == [
        ("required_blank", "D5")
    ]


def test_titles_that_are_repeated_are_nobody_and_end_nothing() -> None:
    def repeat(sheet: Worksheet) -> None:
        sheet.insert_rows(8)
        for column in range(1, 24):
            sheet.cell(8, column).value = sheet.cell(3, column).value

    data = changed(repeat)

    assert [(one.code, one.ref) for one in told(data)] == [("rows_not_read", "第8行")]
    assert len(people_in(data)) == PEOPLE


def test_words_in_a_column_that_fills_itself_are_told_in_a_row_that_is_nobodys() -> None:
    data = changed(put(**{f"A{END + 1}": 13, f"A{END + 2}": "见附页", f"E{END + 3}": '=IF(1,"","")'}))

    assert [(one.code, one.ref) for one in told(data)] == [("stray_cells", f"A{END + 2}")]


# --- a second roster -----------------------------------------------------------------------------------------


def with_copy(*, empty: str, title: str) -> bytes:
    workbook, saved = load_workbook(BytesIO(good())), BytesIO()
    first = workbook[ROSTER]
    second = workbook.copy_worksheet(first)
    second.title = title
    {"first": first, "second": second}[empty].delete_rows(4, 500)
    workbook.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("empty", ["first", "second"])
def test_empty_copy_of_the_roster_is_told_and_the_full_one_is_read(empty: str) -> None:
    copy = f"{ROSTER} (2)"

    data = with_copy(empty=empty, title=copy)

    [one] = told(data)
    names = (ROSTER, copy) if empty == "first" else (copy, ROSTER)
    assert one.message.startswith("“{}”是空的花名册，没有读取，以“{}”为准。".format(*names))
    assert (understood(data).acceptable, len(people_in(data))) == (True, PEOPLE)


def test_empty_template_beside_nothing_is_only_empty() -> None:
    workbook, saved = load_workbook(BytesIO(TEMPLATE)), BytesIO()
    workbook.save(saved)

    codes = {one.code for one in told(saved.getvalue())}

    assert ("roster_empty" in codes, codes & {"sheet_unused", "second_sheet"}) == (True, set())


def test_copy_that_was_not_read_to_its_end_is_a_rival() -> None:
    def far(book: Workbook) -> None:
        copy = book.copy_worksheet(book[ROSTER])
        copy.title = "副本"
        copy.delete_rows(4, 500)
        copy["C200"] = "张三"

    workbook, saved = load_workbook(BytesIO(good())), BytesIO()
    far(workbook)
    workbook.save(saved)

    assert [one.code for one in told(saved.getvalue())] == ["second_sheet"]
