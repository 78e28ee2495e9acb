"""The annotated copy: the town's own file with its findings on the cells and in a list, and nothing else changed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from rehearsal.bench.mutants import mutant
from rules.dossiers.checks.annotation import LIST_TITLE, MOST_COMMENTS, annotation
from rules.dossiers.checks.findings import cells_named
from rules.dossiers.checks.progress import progress_of
from rules.dossiers.dossier import Finding
from rules.refusals import Refused
from tests.workbooks.confined.test_examine import ROSTER, SURVEY, edited, examined, good
from tests.workbooks.confined.test_examine_mistakes import spoil
from tests.workbooks.odd_workbooks import by_excel_and_wps, calculated, prefixed, without_styles
from tests.workbooks.office import converted, needs_office
from tests.workbooks.raw import ROSTER_PART, changed_parts
from workbooks.annotate.annotate import annotate, annotate_or_nothing
from workbooks.annotate.comments import BEGINNING
from workbooks.annotate.styles import COLOURS
from workbooks.confined.client import NOT_ANNOTATED, annotate_apart
from workbooks.file.guard import refuse_unreadable
from workbooks.file.zip_edit import entries_of
from workbooks.read.sheet_stream import read_sheets
from workbooks.reproducible import unzipped, zipped

CHANGED = re.compile(
    r"\[Content_Types\]\.xml|xl/(workbook|styles1?)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(comments|commentsOfFindings)\d+\.xml|xl/drawings/(vmlDrawing|vmlOfFindings)\d+\.vml"
    r"|xl/worksheets/((sheet|findings)\d+\.xml|_rels/sheet\d+\.xml\.rels)"
)
"""The parts that a copy may change or add."""


@lru_cache(maxsize=1)
def spoilt() -> bytes:
    """Thirty mistakes, and what follows from them."""
    return edited(spoil)


def copy_of(data: bytes, findings: tuple[Finding, ...] | None = None) -> bytes:
    told = findings if findings is not None else examined(data).findings
    return annotate(data, annotation(told, title="第一村 问题清单"))


def opened(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def comments_in(book: Workbook) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def coloured(book: Workbook) -> dict[tuple[str, str], str]:
    names = {colour: name for name, colour in COLOURS.items()}
    return {
        (sheet.title, cell.coordinate): names[cell.fill.fgColor.rgb]
        for sheet in book
        if sheet.title != LIST_TITLE
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb in names
    }


def listed(book: Workbook) -> list[list[object]]:
    sheet = book[LIST_TITLE]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return rows[next(n for n, row in enumerate(rows, 1) if row[0] == "序号") :]


def finding(
    ref: str, *, sheet: str = ROSTER, severity: str = "error", code: str = "required_blank"
) -> Finding:
    return Finding(code, severity, sheet, ref, f"“{sheet}”{ref}：姓名没有填写。请补填。")


def places_of(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    """Every cell that a finding names; one that follows from others names many."""
    return {
        (one.sheet, ref) for one in findings for ref in cells_named(one) if re.fullmatch("[A-Z]+[0-9]+", ref)
    }


WRITTEN: dict[str, Callable[[], bytes]] = {
    "openpyxl": spoilt,
    "excel and wps": lambda: by_excel_and_wps(spoilt()),
    "cached values": lambda: calculated(spoilt()),
    "prefixes": lambda: changed_parts(spoilt(), {ROSTER_PART: prefixed, "xl/styles.xml": prefixed}),
    "no styles": lambda: without_styles(spoilt()),
    "utf-16": lambda: utf16(spoilt()),
}


def utf16(data: bytes) -> bytes:
    parts = unzipped(data)
    return zipped({**parts, ROSTER_PART: parts[ROSTER_PART].decode().encode("utf-16")})


# --- what changes and what does not ----------------------------------------------------------------------


@pytest.mark.parametrize("how", WRITTEN)
def test_copy_changes_only_what_it_must_down_to_the_packed_bytes(how: str) -> None:
    data = WRITTEN[how]()

    copy = copy_of(data)

    before = {info.filename: entry.body for info, entry in entries_of(data)}
    after = {info.filename: entry.body for info, entry in entries_of(copy)}
    assert ZipFile(BytesIO(copy)).testzip() is None
    assert [name for name in before if after[name] != before[name] and not CHANGED.fullmatch(name)] == []
    assert [name for name in after if name not in before and not CHANGED.fullmatch(name)] == []
    assert after["xl/worksheets/sheet6.xml"] == before["xl/worksheets/sheet6.xml"]


@pytest.mark.parametrize("how", WRITTEN)
def test_copy_marks_every_place_and_lists_every_finding(how: str) -> None:
    data = WRITTEN[how]()
    findings = examined(data).findings

    book = opened(copy_of(data, findings))

    ours = {place for place, text in comments_in(book).items() if "问题" in text}
    assert len(places_of(findings)) >= 30
    assert set(coloured(book)) == places_of(findings)
    assert ours >= places_of(findings)
    assert [row[0] for row in listed(book)] == list(range(1, len(findings) + 1))


@pytest.mark.parametrize("how", WRITTEN)
def test_copy_handed_in_again_has_the_same_findings(how: str) -> None:
    data = WRITTEN[how]()

    assert examined(copy_of(data)) == examined(data)


def test_copy_made_twice_is_the_same_bytes() -> None:
    assert copy_of(spoilt()) == copy_of(spoilt())


def test_cached_values_and_formulas_stay_in_marked_sheets() -> None:
    data = calculated(spoilt())

    cell = load_workbook(BytesIO(copy_of(data)), data_only=True)[SURVEY]["C8"]

    assert (cell.value, opened(copy_of(data))[SURVEY]["C8"].value) == (30, "=COUNTA('附件2 花名册'!C4:C5003)")


def test_check_box_text_box_picture_and_comments_of_others_stay() -> None:
    data = by_excel_and_wps(spoilt())

    with ZipFile(BytesIO(copy_of(data))) as parts:
        sheet, drawing = parts.read(ROSTER_PART).decode(), parts.read("xl/drawings/vmlDrawing1.vml").decode()
        kept = {
            "xl/media/image1.png",
            "xl/cellimages.xml",
            "xl/drawings/drawing1.xml",
            "xl/ctrlProps/ctrlProp1.xml",
        }
        assert kept <= set(parts.namelist())
    assert sheet.count("legacyDrawing ") == 1
    assert "<controls>" in sheet
    assert '_xlfn.DISPIMG("ID_1",1)' in sheet
    assert 'ObjectType="Checkbox"' in drawing
    numbers = re.findall('id="_x0000_s([0-9]+)"', drawing)
    assert len(numbers) == len(set(numbers))


def test_comment_of_somebody_else_is_kept_and_ours_put_behind_it() -> None:
    told = comments_in(opened(copy_of(by_excel_and_wps(spoilt()))))

    assert told[ROSTER, "B9"] == "户主外出"
    assert told[ROSTER, "D4"].startswith(f"已电话核对\n{BEGINNING}问题1（必须改正）")


# --- places ----------------------------------------------------------------------------------------------


def test_cells_and_rows_that_are_not_there_are_made_with_the_column_s_look() -> None:
    """X5 stands beyond the row's last cell, A900 and D950 in rows that the sheet has not."""
    refs = ("X5", "A900", "D950", "C4")

    book = opened(copy_of(good(), tuple(finding(ref) for ref in refs)))

    assert set(coloured(book)) == {(ROSTER, ref) for ref in refs}
    assert book[ROSTER]["D950"].number_format == "@"
    assert examined(copy_of(good(), tuple(finding(ref) for ref in refs))) == examined(good())


def test_inside_of_a_merged_range_is_marked_where_it_is_seen() -> None:
    data = edited(lambda book: book[SURVEY].merge_cells("C6:D8"))

    book = opened(copy_of(data, (finding("D8", sheet=SURVEY),)))

    assert set(coloured(book)) == set(comments_in(book)) == {(SURVEY, "C6")}


def test_several_findings_on_a_cell_share_one_comment_and_the_gravest_colour() -> None:
    told = (finding("C4", severity="warning"), finding("C4"))

    book = opened(copy_of(good(), told))

    assert coloured(book) == {(ROSTER, "C4"): "error"}
    assert comments_in(book)[ROSTER, "C4"].split("\n") == [
        "问题1（请核对）", "姓名没有填写。", "→ 请补填。", "问题2（必须改正）", "姓名没有填写。", "→ 请补填。",
    ]  # fmt: skip


def test_row_and_whole_sheet_are_told_where_the_eye_begins() -> None:
    book = opened(
        copy_of(good(), (finding("第7行"), finding("", sheet=SURVEY), finding("", sheet="没有这页")))
    )

    assert set(comments_in(book)) == {(ROSTER, "A7"), (SURVEY, "A1")}
    assert set(coloured(book)) == {(ROSTER, "A7")}
    assert [row[3] for row in listed(book)] == ["第7行", "整页", None]


def test_all_rows_that_a_finding_names_are_coloured_where_they_begin() -> None:
    def scribble(book: Workbook) -> None:
        for row in range(50, 54):
            book[ROSTER].cell(row, 10).value = "备注"

    assert coloured(opened(copy_of(edited(scribble)))) == {
        (ROSTER, f"A{n}"): "warning" for n in range(50, 54)
    }


def test_sheet_is_found_by_the_beginning_of_its_title() -> None:
    data = edited(lambda book: setattr(book[ROSTER], "title", "附件2 名册（定稿）"))

    assert set(coloured(opened(copy_of(data, (finding("C4"),))))) == {("附件2 名册（定稿）", "C4")}


def test_hidden_sheet_is_marked_but_nothing_leads_there() -> None:
    data = edited(lambda book: setattr(book[SURVEY], "sheet_state", "hidden"))

    book = opened(copy_of(data, (finding("C6", sheet=SURVEY), finding("C4"))))

    assert (SURVEY, "C6") in coloured(book)
    led = [cell.hyperlink and cell.hyperlink.location for cell in book[LIST_TITLE]["D"][4:]]
    assert led == [None, f"'{ROSTER}'!C4"]


def test_very_many_findings_all_have_their_colour_and_line_and_some_a_comment() -> None:
    told = tuple(finding(f"C{row}") for row in range(4, MOST_COMMENTS + 104))

    book = opened(copy_of(good(), told))

    assert (len(coloured(book)), len(comments_in(book)), len(listed(book))) == (600, MOST_COMMENTS, 600)


# --- the list --------------------------------------------------------------------------------------------


def test_list_stands_first_can_be_filtered_and_keeps_its_head_in_sight() -> None:
    sheet = opened(copy_of(spoilt())).worksheets[0]

    assert (sheet.title, sheet.freeze_panes, sheet.print_title_rows) == (LIST_TITLE, "A5", "$4:$4")
    assert sheet.auto_filter.ref == f"A4:F{sheet.max_row}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet["D5"].hyperlink.location == f"'{ROSTER}'!D4"


def test_names_and_the_open_sheet_move_on_by_one() -> None:
    before, after = opened(spoilt()), opened(copy_of(spoilt()))

    assert after.active is not None
    assert before.active is not None
    assert after.active.title == before.active.title
    assert after[ROSTER].print_title_rows == before[ROSTER].print_title_rows == "$1:$3"


def test_workbook_that_says_nothing_of_its_open_sheet_opens_where_it_did() -> None:
    bare = changed_parts(
        spoilt(), {"xl/workbook.xml": lambda xml: re.sub("<bookViews>.*?</bookViews>", "", xml)}
    )

    active = opened(copy_of(bare)).active

    assert active is not None
    assert active.title == opened(bare).worksheets[0].title


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "@SUM(A1)", '=HYPERLINK("http://example.invalid")', "_x0041_<&\ufffe"]
)
def test_text_of_a_finding_never_becomes_a_formula(text: str) -> None:
    told = Finding("choice_unknown", "error", text, "C4", f"{text}。")

    [sheet] = read_sheets(copy_of(good(), (told,)), LIST_TITLE.__eq__)

    held = text.replace("\ufffe", "")
    assert [(cell.value, cell.kind, cell.formula) for cell in (sheet.cell(5, 3), sheet.cell(5, 5))] == [
        (held, "text", ""),
        (f"{held}。", "text", ""),
    ]


# --- handed in again, and marked again -------------------------------------------------------------------


def test_second_copy_takes_the_marks_of_the_first_away_and_tells_what_became_of_them() -> None:
    """The clerk works in the copy itself, puts one thing right and hands it in; Excel is openpyxl here."""
    first = examined(spoilt()).findings
    book = opened(copy_of(spoilt()))
    book[ROSTER]["C12"] = "叶伟"
    saved = BytesIO()
    book.save(saved)
    second = examined(saved.getvalue()).findings
    told = annotation(second, title="第2版", compared=progress_of(first, second), earlier=1)

    again = opened(annotate(saved.getvalue(), told))

    assert again.sheetnames.count(LIST_TITLE) == 1
    assert set(coloured(again)) == places_of(second)
    assert (ROSTER, "C12") not in comments_in(again)
    assert len([text for text in comments_in(again).values() if "仍未改" in text]) == len(places_of(second))
    lines = listed(again)
    assert [row[2] for row in lines] == ["仍未改"] * len(second) + ["已改正"]
    assert lines[-1][4] == "C12"


def test_colour_below_a_mark_comes_back() -> None:
    """Annex 3 asks in yellow."""
    ground = opened(good())[SURVEY]["C6"].fill.fgColor.rgb
    first = copy_of(good(), (finding("C6", sheet=SURVEY),))

    again = opened(annotate(first, annotation([], title="")))

    assert again[SURVEY]["C6"].fill.fgColor.rgb == ground
    assert comments_in(again) == {}


def test_comment_put_behind_somebody_s_is_taken_out_again() -> None:
    first = copy_of(by_excel_and_wps(spoilt()))

    again = opened(annotate(first, annotation([], title="")))

    assert comments_in(again) == {(ROSTER, "D4"): "已电话核对", (ROSTER, "B9"): "户主外出"}


def test_sheet_of_the_town_s_own_with_the_title_of_the_list_is_kept() -> None:
    data = edited(lambda book: book.create_sheet(LIST_TITLE).__setitem__("A1", "我们自己的"))

    book = opened(copy_of(data, (finding("C4"),)))

    assert book.sheetnames[0] == f"{LIST_TITLE}(2)"
    assert book[LIST_TITLE]["A1"].value == "我们自己的"


# --- what cannot be annotated ----------------------------------------------------------------------------


def test_copy_is_made_in_the_reading_process() -> None:
    told = annotation(examined(spoilt()).findings, title="第一村 问题清单")

    assert annotate_apart(spoilt(), told) == annotate(spoilt(), told)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "file_empty"), (b"%PDF", "not_a_workbook"), (b"PK\x03\x04 and no more", "workbook_damaged")],
)
def test_file_that_is_no_workbook_is_refused_for_what_it_is(data: bytes, code: str) -> None:
    answer = annotate_apart(data, annotation([finding("C4")], title=""))

    assert isinstance(answer, Refused)
    assert answer.code == code


def test_file_whose_inside_is_broken_is_refused_with_what_to_do() -> None:
    data = changed_parts(good(), {"[Content_Types].xml": lambda xml: xml[:-4]})

    assert annotate_apart(data, annotation([finding("C4")], title="")) == NOT_ANNOTATED


@pytest.mark.parametrize("start", range(0, 2_000 if os.environ.get("CI") else 200, 100))
def test_broken_workbook_is_annotated_or_refused(start: int) -> None:
    """Whatever could be read gets a copy that reads the same; what could not, none or one: never a traceback."""
    refs = [finding(ref) for ref in ("C4", "D5", "X6", "C900", "第9行", "")]
    told = annotation([*refs, finding("C6", sheet=SURVEY)], title="")
    wrong, made = [], 0

    for seed in range(start, start + 100):
        data = mutant(by_excel_and_wps(good()), seed)
        copy = b"" if refuse_unreadable(data) else annotate_or_nothing(data, told)
        made += bool(copy)
        if examined(copy or data) != examined(data) or (not copy and whole(data)):
            wrong.append(seed)

    assert wrong == []
    assert made > 40


def whole(data: bytes) -> bool:
    """Whether there are findings to be marked, another program opens the file, and no part of its zip is damaged."""
    try:
        sound = ZipFile(BytesIO(data)).testzip() is None
        return sound and examined(data).acceptable and bool(opened(data))
    except Exception:
        return False


# --- in another program ----------------------------------------------------------------------------------


@needs_office
def test_libreoffice_shows_every_mark_and_every_line(tmp_path: Path) -> None:
    data = by_excel_and_wps(spoilt())
    findings = examined(data).findings
    copy = copy_of(data, findings)

    seen = opened(converted(copy, tmp_path, "xlsx:Calc MS Excel 2007 XML"))

    copy_book = opened(copy)
    told = comments_in(copy_book)
    assert set(comments_in(seen)) == set(told)
    assert {place: text.count("问题") for place, text in comments_in(seen).items()} == {
        place: text.count("问题") for place, text in told.items()
    }
    assert set(coloured(seen)) == places_of(findings)
    assert [row[:2] for row in listed(seen)] == [[n, row[1]] for n, row in enumerate(listed(copy_book), 1)]


@needs_office
def test_file_saved_by_libreoffice_is_annotated_like_any_other(tmp_path: Path) -> None:
    data = converted(by_excel_and_wps(spoilt()), tmp_path, "xlsx:Calc MS Excel 2007 XML")
    findings = examined(data).findings

    copy = copy_of(data)

    before = {info.filename: entry.body for info, entry in entries_of(data)}
    after = {info.filename: entry.body for info, entry in entries_of(copy)}
    assert [name for name in before if after[name] != before[name] and not CHANGED.fullmatch(name)] == []
    assert set(coloured(opened(copy))) == places_of(findings)
    assert (ROSTER, "B9") in comments_in(opened(copy))
    assert examined(copy).findings == findings
