"""What paper shows and what is read: formats that lie, rows and columns that nobody sees, merged cells."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openpyxl import Workbook

from rules.dossiers.dossier import Value
from tests.workbooks.raw import ROSTER_PART, changed_parts, in_cell, replacing
from tests.workbooks.read.test_whole import ROSTER, SURVEY, after, good
from tests.workbooks.samples import CAMPAIGN, VILLAGE
from workbooks.confined.examine import examine
from workbooks.read.cell_types import is_odd, shown_as


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ('"95"', 60, "95"),
        (";;;", 60, "(不显示)"),
        (";;;", "六十", "(不显示)"),
        ('0"0"', 60, "600"),
        ('"9"0', 5, "95"),
        ("0%", 0.9, "90%"),
        ("0,", 60000, "60"),
        ("0", 4.5, "4"),
        ("0", 4, ""),
        ('0"人"', 60, ""),
        ("General", 60, ""),
        ("0.00", 60.123, ""),
        ("#,##0", 60, ""),
        ("0;-0;;@", 0, "(不显示)"),
        ("0;-0;;@", 7, ""),
        ('0;"1"0', -3, "13"),
        ("@", 60, ""),
        ("[Red]0_ ", 60, ""),
        (r"\1\0", 60, "10"),
        ("0", True, ""),
    ],
)
def test_format_is_told_only_when_it_shows_something_else(code: str, value: Value, shown: str) -> None:
    told = shown_as(code, value) if is_odd(code) and not isinstance(value, bool) else ""

    assert told == shown


def format_of(sheet: str, ref: str, code: str, value: Value = None) -> Callable[[Workbook], object]:
    def change(book: Workbook) -> None:
        cell = book[sheet][ref]
        cell.value, cell.number_format = cell.value if value is None else value, code

    return change


@pytest.mark.parametrize(("code", "words"), [('"95"', "“95”"), (";;;", "“(不显示)”"), ('0"0"', "“110”")])
def test_format_that_lies_is_warned_of_with_both_values(code: str, words: str) -> None:
    [one] = after(format_of(SURVEY, "C6", code))

    assert (one.code, one.severity, f"显示为{words}，实际数值是11，按11计" in one.message) == (
        "format_misleads",
        "warning",
        True,
    ), one.message


def test_row_without_height_and_column_without_width_are_hidden_ones() -> None:
    data = changed_parts(
        good(),
        {
            ROSTER_PART: lambda xml: replacing(('<row r="6"', '<row r="6" ht="0" customHeight="1"'))(
                xml.replace(
                    '<col width="13" customWidth="1" min="7"', '<col width="0" customWidth="1" min="7"'
                )
            )
        },
    )
    told = examine(data, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code).findings

    assert [one.message.split("，")[0] for one in told if one.code == "hidden_content"] == [
        "“附件2 花名册”有隐藏的行(第6行)",
        "“附件2 花名册”有隐藏的列(G列)",
    ]


def test_merged_household_is_told_as_merged() -> None:
    told = after(lambda book: book[ROSTER].merge_cells("B5:B7"))

    assert {(one.code, one.ref) for one in told} == {("merged_blank", "B6"), ("merged_blank", "B7")}
    assert all("户编号在合并单元格B5:B7里，只有第一格能存内容" in one.message for one in told)


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (' t="inlineStr"><is><t>2020-10-23 00:00:00</t></is>', ""),
        (' t="inlineStr"><is><t>2020-10-23T00:00:00</t></is>', ""),
        (' t="inlineStr"><is><t>2020-10-23 08:30</t></is>', ""),
        (' t="inlineStr"><is><t>2020-10-32 00:00:00</t></is>', "date_unreadable"),
    ],
)
def test_day_as_programs_write_it_is_a_day(inside: str, code: str) -> None:
    told = examine(
        in_cell(good(), "U5", inside),
        campaign=CAMPAIGN,
        town_code=VILLAGE.town_code,
        village_code=VILLAGE.code,
    )

    assert [one.code for one in told.findings if one.ref == "U5"] == [code] * bool(code)


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("><v>13800000001</v>", ""),
        ("><v>1.3800000001E10</v>", ""),
        (' t="inlineStr"><is><t>1.38E+10</t></is>', "text_garbled"),
    ],
)
def test_telephone_in_scientific_notation_is_taken_where_nothing_is_lost(inside: str, code: str) -> None:
    told = examine(
        in_cell(good(), "I5", inside),
        campaign=CAMPAIGN,
        town_code=VILLAGE.town_code,
        village_code=VILLAGE.code,
    )

    assert [one.code for one in told.findings if one.ref == "I5"] == [code] * bool(code)


def test_merged_cells_by_the_thousand_name_their_sheet() -> None:
    merged = "".join(f'<mergeCell ref="X{n}:Y{n}"/>' for n in range(1, 3_000))
    data = changed_parts(
        good(), {ROSTER_PART: replacing(("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>"))}
    )

    [one] = examine(data, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code).findings

    assert one.message.startswith("“附件2 花名册”的合并单元格超过2000处")
