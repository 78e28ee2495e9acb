"""What real workbooks do: one test for each trap, on a file that shows it, with the finding or value it must give."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from rehearsal.people.workbooks import fill_dossier
from rules.dossiers.dossier import Dossier, Understood
from rules.dossiers.id_numbers import check_digit
from tests.workbooks.office import converted, needs_office
from tests.workbooks.raw import ROSTER_PART, SURVEY_PART, Change, changed_parts, replacing
from tests.workbooks.samples import CAMPAIGN, VILLAGE
from workbooks.confined.examine import examine
from workbooks.read.dossier import read_dossier

ROSTER, SURVEY = "附件2 花名册", "附件3 调查表"
START = "33119919900307"
DIMENSION = re.compile('<dimension ref="[^"]*"')


@lru_cache(maxsize=1)
def good() -> bytes:
    return fill_dossier(CAMPAIGN, VILLAGE.code, plot="good", version=1, seed=3, rows=(30, 30))


def examined(data: bytes) -> Understood:
    return examine(data, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code)


def told(data: bytes) -> list[tuple[str, str]]:
    """Codes and places, but for the warning that every sample gets."""
    return [(one.code, one.ref) for one in examined(data).findings if one.code != "households_without_work"]


def edited(change: Callable[[Workbook], object]) -> bytes:
    """The good dossier after openpyxl changed and saved it."""
    workbook = load_workbook(BytesIO(good()))
    change(workbook)
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def typed(ref: str, value: object, sheet: str = ROSTER) -> bytes:
    return edited(lambda book: book[sheet].__setitem__(ref, value))


def in_cell(ref: str, new: str, part: str = ROSTER_PART) -> bytes:
    """The good dossier with the XML inside one cell replaced."""

    def change(xml: str) -> str:
        return re.sub(
            rf'<c r="{ref}"( s="\d+")[^>]*?(?:/>|>.*?</c>)', rf'<c r="{ref}"\1{new}</c>', xml, count=1
        )

    return changed_parts(good(), {part: change})


def dossier_of(data: bytes) -> Dossier:
    dossier = read_dossier(data, CAMPAIGN)
    assert isinstance(dossier, Dossier)
    return dossier


def passes(last_three: str) -> str:
    """A number with this tail whose check digit is right: truncation can leave one by chance."""
    for n in range(10_000):
        body = f"331199{1960 + n // 365:04d}{1 + n % 12:02d}{1 + n % 28:02d}{n % 10}{last_three[:2]}"
        if check_digit(body) == last_three[2]:
            return body + last_three[2]
    raise AssertionError


def test_good_dossier_has_nothing_to_be_told() -> None:
    assert told(good()) == []


# --- identity numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("><v>3.3119919900307E+17</v>", "id_truncated"),
        (f"><v>{passes('000')}</v>", "id_truncated"),
        (f"><v>{passes('016')}</v>", "id_truncated"),
        (' t="inlineStr"><is><t>3.31199E+17</t></is>', "id_truncated"),
        (f' t="inlineStr"><is><t>{START}4000</t></is>', "id_truncated"),
        (f' t="inlineStr"><is><t>{passes("000")}</t></is>', "id_trailing_zeros"),
        ("><v>331199900307001</v>", "id_fifteen_digits"),
        (' t="inlineStr"><is><t>331199900307001</t></is>', "id_fifteen_digits"),
    ],
)
def test_number_damaged_by_excel_is_told_whatever_its_check_digit(inside: str, code: str) -> None:
    assert (code, "D5") in told(in_cell("D5", inside))


def test_number_written_as_a_number_by_a_library_is_damaged() -> None:
    assert ("id_truncated", "D5") in told(typed("D5", 331199199003072316))


def mangled(number: str) -> list[str]:
    wide = number.translate({ord(one): ord(one) + 0xFEE0 for one in "0123456789X"})
    spaced = f"{number[:6]} {number[6:14]}-{number[14:]}"
    return [wide, spaced, f"'{number}", f"\u200b{number}\xa0", f"\ufeff{number}\t", number.lower()]


@pytest.mark.parametrize("way", range(5))
def test_number_typed_untidily_is_corrected_and_means_the_same(way: int) -> None:
    number = dict(examined(good()).people)[5]
    data = typed("D5", mangled(number)[way])

    assert told(data) == [("id_corrected", "D5")]
    assert dict(examined(data).people)[5] == number


def test_names_are_kept_as_they_were_typed() -> None:
    name = "阿卜杜拉·Ａ（大）"

    assert dossier_of(typed("C5", name)).roster[1].cells["name"].value == name


def test_column_sorted_alone_is_suspected() -> None:
    def sort(book: Workbook) -> None:
        sheet = book[ROSTER]
        numbers = sorted(str(sheet.cell(row, 4).value) for row in range(4, 34))
        for row, number in enumerate(numbers, 4):
            sheet.cell(row, 4).value = number

    assert "column_shifted" in [code for code, _ in told(edited(sort))]


def test_numbers_dragged_down_are_told() -> None:
    def drag(book: Workbook) -> None:
        for n in range(5):
            book[ROSTER].cell(10 + n, 4).value = str(331199199003070010 + n)

    assert ("id_filled_down", "D10") in told(edited(drag))


# --- text, numbers, dates ----------------------------------------------------------------------------------


def test_invisible_signs_in_an_answer_are_taken_out() -> None:
    assert told(typed("G5", "\u200b本村常住\xa0")) == [("text_corrected", "G5")]


def test_line_breaks_are_of_one_kind_whoever_wrote_them() -> None:
    data = in_cell("T5", ' t="inlineStr"><is><t>电工_x000D_&#10;焊工</t></is>')

    assert dossier_of(data).roster[1].cells["wishes"].value == "电工\n焊工"


@pytest.mark.parametrize("text", ["85人", "八十五", "八十五人", "-3", "3.5"])
def test_words_for_a_number_are_asked_back(text: str) -> None:
    assert ("integer_unreadable", "C6") in told(typed("C6", text, SURVEY))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020.10.20", date(2020, 10, 20)),
        ("2020年10月20日", date(2020, 10, 20)),
        ("20201020", date(2020, 10, 20)),
    ],
)
def test_days_typed_as_text_are_understood(text: str, day: date) -> None:
    assert told(typed("U5", text)) == []


@pytest.mark.parametrize("text", ["2020年10月", "十月二十日", "2020-13-01"])
def test_text_that_is_no_day_is_asked_back(text: str) -> None:
    assert told(typed("U5", text)) == [("date_unreadable", "U5")]


def test_days_counted_from_1904_are_the_same_days() -> None:
    """Excel for Mac: every number of a day is 1,462 less."""

    def earlier(xml: str) -> str:
        return re.sub(r"<v>(4[34]\d{3})</v>", lambda found: f"<v>{int(found[1]) - 1462}</v>", xml)

    data = changed_parts(
        good(),
        {
            "xl/workbook.xml": lambda xml: re.sub("<workbookPr ?/>", '<workbookPr date1904="1"/>', xml),
            ROSTER_PART: earlier,
            SURVEY_PART: earlier,
        },
    )

    assert told(data) == []
    assert (
        dossier_of(data).roster[0].cells["surveyed_on"] == dossier_of(good()).roster[0].cells["surveyed_on"]
    )


def test_day_outside_the_campaign_is_told() -> None:
    assert told(typed("U5", date(2024, 10, 20))) == [("date_out_of_range", "U5")]


def test_format_that_shows_another_number_is_told() -> None:
    def lie(book: Workbook) -> None:
        cell = book[SURVEY]["C6"]
        cell.value, cell.number_format = 60, '"95"'

    understood = examined(edited(lie))
    [finding] = [one for one in understood.findings if one.code == "format_misleads"]

    assert (finding.ref, "显示为“95”，实际数值是60" in finding.message) == ("C6", True)


def test_error_cell_is_told_not_taken_for_blank() -> None:
    assert ("cell_error", "C6") in told(typed("C6", "#REF!", SURVEY))


def test_formula_never_calculated_asks_to_save_again() -> None:
    assert ("formula_uncalculated", "C6") in told(typed("C6", "=1+1", SURVEY))


# --- sheets ------------------------------------------------------------------------------------------------


def test_header_merged_over_two_rows_is_still_found() -> None:
    def merge(book: Workbook) -> None:
        sheet = book[ROSTER]
        sheet.insert_rows(4)
        for column in range(1, 24):
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)

    dossier = dossier_of(edited(merge))

    assert (len(dossier.roster), dossier.roster[0].number, dossier.missing_columns) == (30, 5, ())


def test_rows_put_above_everything_shift_no_address() -> None:
    data = edited(lambda book: (book[ROSTER].insert_rows(1, 5), book[ROSTER].__setitem__("G10", "外星")))

    assert ("choice_unknown", "G10") in told(data)


def test_hidden_sheet_rows_and_columns_are_told_in_words() -> None:
    def hide(book: Workbook) -> None:
        book[SURVEY].sheet_state = "hidden"
        book[ROSTER].row_dimensions[6].hidden = True
        book[ROSTER].column_dimensions["I"].hidden = True
        book[ROSTER]["I5"] = "13800000000"

    messages = [one.message for one in examined(edited(hide)).findings if one.code == "hidden_content"]

    assert [message.split("，")[0] for message in messages] == [
        "“附件2 花名册”有隐藏的行(第6行)",
        "“附件2 花名册”有隐藏的列(I列)",
        "“附件3 调查表”有隐藏的工作表(整页)",
    ]


def test_forty_stray_cells_are_one_finding() -> None:
    def scribble(book: Workbook) -> None:
        for row in range(50, 90):
            book[ROSTER].cell(row, 10).value = "见附页"

    assert told(edited(scribble)) == [("stray_cells", "J50")]


def test_wrong_dimension_hides_no_row() -> None:
    data = changed_parts(good(), {ROSTER_PART: lambda xml: DIMENSION.sub('<dimension ref="A1"', xml)})

    assert len(dossier_of(data).roster) == 30


def test_names_with_a_prefix_are_read_the_same() -> None:
    def prefix(xml: str) -> str:
        xml = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", xml)
        return xml.replace(" xmlns=", " xmlns:x=", 1)

    assert dossier_of(changed_parts(good(), {ROSTER_PART: prefix})).roster == dossier_of(good()).roster


def test_reading_aids_are_no_part_of_a_name() -> None:
    data = in_cell("C5", ' t="inlineStr"><is><t>叶伟</t><rPh sb="0" eb="1"><t>ye</t></rPh></is>')

    assert dossier_of(data).roster[1].cells["name"].value == "叶伟"


def test_picture_in_a_cell_of_wps_is_told() -> None:
    data = in_cell("T5", ' t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>')

    assert told(data) == [("picture_in_cell", "T5")]


def test_thousands_of_merged_ranges_are_refused() -> None:
    merged = "".join(f'<mergeCell ref="X{n}:Y{n}"/>' for n in range(1, 30_000))
    add = replacing(("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>"))

    def change(xml: str) -> str:
        return add(re.sub("<mergeCells.*?</mergeCells>", "", xml))

    assert told(changed_parts(good(), {ROSTER_PART: change})) == [("too_many_merged", "")]


# --- size --------------------------------------------------------------------------------------------------


def below(rows: str) -> Change:
    return replacing(("</sheetData>", f"{rows}</sheetData>"))


def test_cell_at_the_far_end_costs_nothing() -> None:
    data = changed_parts(good(), {ROSTER_PART: below('<row r="1048576"><c r="A1048576" s="4"/></row>')})

    assert told(data) == []


@pytest.mark.parametrize("inside", ["<v>1</v>", "<f>1+1</f>", "<is><t>x</t></is>"])
def test_cell_that_follows_ten_thousand_empty_rows_is_told_as_not_read(inside: str) -> None:
    kind = ' t="inlineStr"' if inside.startswith("<is>") else ""
    far = f'<row r="1048576"><c r="A1048576"{kind}>{inside}</c></row>'

    assert told(changed_parts(good(), {ROSTER_PART: below(far)})) == [("rows_cut", "")]


def test_a_million_empty_rows_are_not_walked_through() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="4"/></row>' for n in range(34, 300_000))

    assert told(changed_parts(good(), {ROSTER_PART: below(rows)})) == []


def test_row_beyond_excel_is_damage() -> None:
    assert told(changed_parts(good(), {ROSTER_PART: below('<row r="2147483647"/>')})) == [
        ("workbook_damaged", "")
    ]


def test_bomb_that_lies_about_its_size_is_damage() -> None:
    """The list of contents says ten bytes; zlib would give thirty million."""
    saved = BytesIO()
    with ZipFile(BytesIO(good())) as source, ZipFile(saved, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, b" " * 30_000_000 if name == ROSTER_PART else source.read(name))
    size = (30_000_000).to_bytes(4, "little")
    lying = saved.getvalue().replace(size, (10).to_bytes(4, "little"))

    assert told(lying) == [("workbook_damaged", "")]


# --- other programs ----------------------------------------------------------------------------------------


@needs_office
def test_dossier_saved_by_libreoffice_is_the_same_dossier(tmp_path: Path) -> None:
    data = converted(good(), tmp_path, "xlsx:Calc MS Excel 2007 XML")

    assert told(data) == []
    assert examined(data) == examined(good())


@needs_office
@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("xls:MS Excel 97", "旧版.xls"),
        ("html", "HTML"),
        ("csv", "CSV"),
        ("ods", "OpenDocument"),
        ("pdf", "PDF"),
    ],
)
def test_file_of_another_kind_is_named(tmp_path: Path, to: str, name: str) -> None:
    [finding] = examined(converted(good(), tmp_path, to)).findings

    assert (finding.code, name in finding.message) == ("not_a_workbook", True)
