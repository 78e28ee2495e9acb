"""A sheet read a row at a time means what expat makes of it, or is left to expat."""

from __future__ import annotations

from functools import lru_cache

import pytest

from rehearsal.bench.mutants import mutant
from rehearsal.people.workbooks import fill_dossier
from tests.workbooks.raw import ROSTER_PART, changed_parts, in_cell
from tests.workbooks.samples import CAMPAIGN, VILLAGE
from workbooks.file.package import UNREADABLE, Damaged, TooMuch
from workbooks.read.plain_rows import attributes_of, parted, plain_rows, plain_text
from workbooks.read.sheet import Sheet
from workbooks.read.sheet_stream import read_sheets


@lru_cache(maxsize=1)
def good() -> bytes:
    return fill_dossier(CAMPAIGN, VILLAGE.code, plot="good", version=1, seed=3, rows=(12, 12))


def outcome(data: bytes, *, plainly: bool) -> tuple[Sheet, ...] | str:
    try:
        return read_sheets(data, lambda _: True, plainly=plainly)
    except TooMuch as reason:
        return f"too much {reason}"
    except (Damaged, *UNREADABLE):
        return "damaged"


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_broken_workbook_is_read_alike_both_ways(start: int) -> None:
    for seed in range(start, start + 100):
        data = mutant(good(), seed)

        assert outcome(data, plainly=True) == outcome(data, plainly=False), seed


ODD_CELLS = (
    ' t="inlineStr"><is><t>a&amp;b &lt;c&gt; &#20013;&#x6587;</t></is>',
    ' t="inlineStr"><is><t>&unknown;</t></is>',
    ' t="inlineStr"><is><t>&#0;</t></is>',
    ' t="inlineStr"><is><t>a]]>b</t></is>',
    ' t="inlineStr"><is><t>a\x01b</t></is>',
    ' t="inlineStr"><is><t>a\r\nb</t></is>',
    ' t="inlineStr"><is><t>a\ufffeb</t></is>',
    ' t="inlineStr"><is><t> a </t></is>',
    ' t="inlineStr"><is><t>a</t><!-- c --></is>',
    ' t="inlineStr"><is><t><![CDATA[a]]></t></is>',
    ' t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is>',
    ' t="inlineStr"><v>a</v>',
    ' t="str"><is><t>a</t></is>',
    ' t="str"><f>1+1</f><v>a &amp; b</v>',
    ' t="str"><f t="shared" si="0" ref="C5:C6">"&lt;"</f><v>a</v>',
    ' t="e"><f>1/0</f><v>#DIV/0!</v>',
    "><f>1+1</f>",
    "><v/>",
    "><v></v>",
    "><v>1</v><v>2</v>",
    ' t="b"><v>1</v>',
    ' t="s"><v>99999</v>',
    ' t="d"><v>2020-10-20</v>',
)


@pytest.mark.parametrize("inside", ODD_CELLS)
def test_odd_cell_is_read_alike_both_ways(inside: str) -> None:
    data = in_cell(good(), "C5", inside)

    assert outcome(data, plainly=True) == outcome(data, plainly=False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<row r="6"', '<row r="6" hidden="1"'),
        ('<row r="6"', '<row r="6" ht="0" ht="0"'),
        ('<row r="6"', '<row r="6" x:y="0"'),
        ('<row r="6"', '<row r="5"'),
        ('<row r="6"', "<row"),
        ('<c r="C6"', '<c r="B6"'),
        ('<c r="C6"', '<c r="XFE6"'),
        ('<c r="C6"', '<c r="C7"'),
        ('<c r="C6"', "<c"),
        ("<sheetData>", '<sheetData x="1">'),
        ("</sheetData>", "</sheetData><sheetData/>"),
        ("</sheetData>", "  </sheetData>"),
        ("<sheetData>", "<sheetData>\n"),
        ("<sheetData>", "<x><sheetData>"),
        ('<row r="6"', 'text<row r="6"'),
        ("<worksheet xmlns=", "<worksheet xmlns:n="),
    ],
)
def test_odd_sheet_is_read_alike_both_ways(old: str, new: str) -> None:
    data = changed_parts(good(), {ROSTER_PART: lambda xml: xml.replace(old, new, 1)})

    assert outcome(data, plainly=True) == outcome(data, plainly=False)


@pytest.mark.parametrize("inside", ["<v>1</v>", ""])
def test_sheet_ends_alike_both_ways_where_ten_thousand_rows_are_empty(inside: str) -> None:
    far = f'<row r="20000"><c r="A20000">{inside}</c></row></sheetData>'
    data = changed_parts(good(), {ROSTER_PART: lambda xml: xml.replace("</sheetData>", far, 1)})

    both = [
        read_sheets(data, lambda title: title.startswith("附件2"), plainly=way)[0] for way in (True, False)
    ]

    assert both[0].rows == both[1].rows
    assert [one.cut_after for one in both] == [15 if inside else 0] * 2


def test_ordinary_sheet_is_read_plainly() -> None:
    """Else all of this would be for nothing."""
    parts = parted(
        b'<worksheet><sheetData><row r="1"><c r="A1" s="2" t="s"><v>0</v></c></row></sheetData></worksheet>'
    )

    assert parts is not None
    assert [(row[1], cells) for row, cells in plain_rows(parts[1])] == [
        (b"1", b'<c r="A1" s="2" t="s"><v>0</v></c>')
    ]


def test_text_and_attributes_are_those_of_xml_or_none() -> None:
    assert plain_text(b"a&amp;b&#20013;") == "a&b中"
    for text, why in ((b"&x;", "reference"), (b"&#1;", "1"), (b"&", "reference"), (b"\xff", "decode")):
        with pytest.raises(ValueError, match=why):
            plain_text(text)
    with pytest.raises(ValueError, match="twice"):
        attributes_of(b' ht="1" ht="2"', b"")
    with pytest.raises(ValueError, match="prefix"):
        attributes_of(b' x:ht="1"', b"<worksheet>")
    assert attributes_of(b' x:ht="1"', b'<worksheet xmlns:x="y">') == {"x:ht": "1"}
