"""Reading a sheet's XML in one pass: types, dates, formulas, and where to stop."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from rules.dossiers.dossier import Cell
from workbooks.file.package import Damaged, TooMuch
from workbooks.read.sheet import Sheet
from workbooks.read.sheet_stream import LAST_ROW, MAX_EMPTY_ROWS, MAX_MERGED, read_sheets

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet {NAMESPACE}><numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="165" formatCode="&quot;95&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)
STRINGS = (
    f"<sst {NAMESPACE}><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r><rPh><t>yi</t></rPh></si></sst>"
)


def workbook(rows: str, *, before: str = "", after: str = "", properties: str = "") -> bytes:
    """A workbook with one sheet T, its XML as given."""
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{RELATED}/{kind}" Target="{target}"/>'
        for kind, target in (
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "/xl/sharedStrings.xml"),
        )
    )
    saved = BytesIO()
    with ZipFile(saved, "w") as target:
        target.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        target.writestr(
            "xl/workbook.xml",
            f'<workbook {NAMESPACE} xmlns:r="{RELATED}"><workbookPr {properties}/>'
            '<sheets><sheet name="T" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        )
        target.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        )
        target.writestr("xl/styles.xml", STYLES)
        target.writestr("xl/sharedStrings.xml", STRINGS)
        target.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {NAMESPACE}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>",
        )
    return saved.getvalue()


def read(rows: str, **more: str) -> Sheet:
    [sheet] = read_sheets(workbook(rows, **more), "T".__eq__)
    return sheet


@pytest.mark.parametrize(
    ("cell", "value", "kind"),
    [
        ('<c r="A1" t="s"><v>1</v></c>', "乙丙", "text"),
        (
            '<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh></is></c>',
            "ab",
            "text",
        ),
        ('<c r="A1" t="str"><v>a_x000D_&#10;b</v></c>', "a\nb", "text"),
        ('<c r="A1" t="str"><v>_x0041_x0001__xD800_</v></c>', "Ax0001__xD800_", "text"),
        ('<c r="A1"><v>331199199003070019</v></c>', 331199199003070019, "number"),
        ('<c r="A1"><v>1.5E2</v></c>', 150.0, "number"),
        ('<c r="A1"><v>1e999</v></c>', "1e999", "error"),
        ('<c r="A1"><v>1_0</v></c>', "1_0", "error"),
        ('<c r="A1"><v> 7</v></c>', " 7", "error"),
        ('<c r="A1"><v>٣</v></c>', "٣", "error"),
        ('<c r="A1" s="1"><v>44126</v></c>', date(2020, 10, 22), "date"),
        ('<c r="A1" s="3"><v>44126.5</v></c>', date(2020, 10, 22), "date"),
        ('<c r="A1" s="1"><v>99999999</v></c>', 99999999, "number"),
        ('<c r="A1" t="d"><v>2020-10-22</v></c>', date(2020, 10, 22), "date"),
        ('<c r="A1" t="d"><v>gestern</v></c>', "gestern", "error"),
        ('<c r="A1" t="b"><v>1</v></c>', True, "flag"),
        ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!", "error"),
        ("<c><v>7</v></c>", 7, "number"),
    ],
)
def test_value_is_read_by_type_and_format(cell: str, value: object, kind: str) -> None:
    assert read(f'<row r="1">{cell}</row>').cell(1, 1) == Cell("T", "A1", value, kind)


def test_formula_keeps_its_text_and_its_last_value() -> None:
    sheet = read(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f t="shared" si="0"/></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c></row>'
    )

    assert list(sheet.rows[1].values()) == [
        Cell("T", "A1", 2, "number", "=1+1"),
        Cell("T", "B1", None, "blank", "="),
        Cell("T", "C1", "", "blank", '=""'),
    ]


def test_days_counted_from_1904_are_the_same_days() -> None:
    sheet = read('<row r="1"><c r="A1" s="1"><v>42664</v></c></row>', properties='date1904="1"')

    assert sheet.cell(1, 1).value == date(2020, 10, 22)


def test_format_that_shows_other_digits_is_told() -> None:
    assert read('<row r="1"><c r="A1" s="2"><v>60</v></c></row>').cell(1, 1) == Cell(
        "T", "A1", 60, "number", shown="95"
    )


def test_rows_and_cells_without_places_follow_one_another() -> None:
    sheet = read('<row><c><v>1</v></c></row><row r="4"><c r="C4"><v>2</v></c><c><v>3</v></c></row><row/>')

    assert {number: list(row) for number, row in sheet.rows.items()} == {1: [1], 4: [3, 4]}


def test_blank_cells_and_rows_are_left_out() -> None:
    assert read('<row r="1"><c r="A1" s="1"/></row><row r="2"/>').rows == {}


def test_hidden_rows_and_columns_are_told() -> None:
    sheet = read(
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"/>',
        before='<cols><col min="2" max="3" hidden="1"/></cols>',
    )

    assert (sheet.hidden_rows, sheet.hidden_columns) == ((1,), (2, 3))


def test_long_emptiness_ends_the_sheet() -> None:
    sheet = read(
        f'<row r="2"><c r="A2"><v>1</v></c></row><row r="{MAX_EMPTY_ROWS + 3}"><c><v>2</v></c></row>'
    )

    assert (list(sheet.rows), sheet.cut_after) == ([2], 2)


def test_cell_far_to_the_right_is_not_looked_at() -> None:
    assert read('<row r="1"><c r="CW1"><v>1</v></c></row>').rows == {}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2147483647"/>',
        '<row r="-1"/>',
        '<row r="x"/>',
        '<row r="2"/><row r="1"/>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1" t="s"><v>9</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
        '<row r="1"><c r="A1" s="x"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="x"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><is><t>1</t></is></c></row>',
        '<row r="1">',
    ],
)
def test_sheet_that_contradicts_itself_is_damaged(rows: str) -> None:
    with pytest.raises(Damaged):
        read(rows)


def test_entities_are_never_expanded() -> None:
    data = workbook('<row r="1"><c r="A1"><v>1</v></c></row>')
    parts = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(parts, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(
                name, content.replace(b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet ')
            )

    with pytest.raises(Damaged):
        read_sheets(parts.getvalue(), "T".__eq__)


def test_too_many_merged_ranges_are_too_much() -> None:
    merged = "<mergeCells>" + '<mergeCell ref="A1:B1"/>' * (MAX_MERGED + 1) + "</mergeCells>"

    with pytest.raises(TooMuch, match="merged"):
        read("", after=merged)


def test_too_many_rows_are_too_much() -> None:
    rows = "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(1, LAST_ROW + 2))

    with pytest.raises(TooMuch, match="rows"):
        read(rows)
