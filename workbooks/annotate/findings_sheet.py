"""The sheet 问题清单: a line for every finding, to be filtered, clicked and printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rules.dossiers.checks.annotation import SINCE, TITLES, Annotation, Remark
from rules.signs import looks_live
from workbooks.annotate.comment_shapes import lines_in
from workbooks.annotate.styles import COLOURS, HEAD_COLOUR, MAIN, Wardrobe
from workbooks.cells import A4
from workbooks.file.xml_edit import quoted, shown
from workbooks.read.sheet import letters

COLUMNS = (
    ("number", "序号", 7),
    ("severity", "程度", 13),
    ("since", "与上一版相比", 11),
    ("sheet", "工作表", 18),
    ("ref", "位置", 11),
    ("wrong", "问题", 62),
    ("remedy", "怎么改", 50),
)
"""(key, title, width); ``since`` only where there is an earlier version."""
CENTRED = ("number", "severity", "since", "ref")
HEIGHTS = (34, 24)
"""Of the title and of each note below it, in points."""
LINE, PADDING, MOST_HIGH = 15, 7, 400
SPARE = 4
"""Half widths of a column that its indent and a broken line's end take."""
MOST_LINKS = 60_000
"""Excel keeps no more than 65,530 on a sheet."""
MADE_BY_US = "本清单由系统校验生成"
"""Stands at the foot of every list: by it an earlier one is known again."""
FOOT = f"&amp;L{MADE_BY_US}&amp;R第 &amp;P 页 共 &amp;N 页"

Targets = Sequence[str]
"""For each remark the address that its line leads to, empty where nothing can be shown."""


def list_sheet(told: Annotation, targets: Targets, wardrobe: Wardrobe) -> bytes:
    """The sheet's XML; ``targets`` are addresses such as ``'附件2 花名册'!D4``."""
    columns = [one for one in COLUMNS if one[0] != "since" or told.compared]
    last, head = letters(len(columns)), header_row(told)
    count = head + len(told.remarks)
    heads = [*top_rows(told, wardrobe, columns), head_row(head, wardrobe, columns)]
    styles = Styles(wardrobe)
    lines = (
        line(head + n, n, remark, target, styles, columns)
        for n, (remark, target) in enumerate(zip(told.remarks, targets, strict=True), 1)
    )
    ref = next(letters(n) for n, (key, _, _) in enumerate(columns, 1) if key == "ref")
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            f'<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FFC0392B"/><pageSetUpPr fitToPage="1"/></sheetPr>',
            f'<dimension ref="A1:{last}{count}"/><sheetViews><sheetView showGridLines="0" workbookViewId="0">',
            f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>',
            f'<selection pane="bottomLeft" activeCell="A{head + 1}" sqref="A{head + 1}"/></sheetView></sheetViews>',
            '<sheetFormatPr defaultRowHeight="18"/><cols>',
            *(
                f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
                for n, (_, _, width) in enumerate(columns, 1)
            ),
            "</cols><sheetData>",
            *heads,
            *lines,
            f'</sheetData><autoFilter ref="A{head}:{last}{max(count, head + 1)}"/>',
            f'<mergeCells count="{head - 1}">',
            *(f'<mergeCell ref="A{row}:{last}{row}"/>' for row in range(1, head)),
            "</mergeCells>",
            *links(ref, head, targets),
            '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>',
            f'<pageSetup paperSize="{A4}" orientation="landscape" fitToWidth="1" fitToHeight="0"/>',
            f"<headerFooter><oddFooter>{FOOT}</oddFooter></headerFooter></worksheet>",
        ]
    ).encode()  # fmt: skip


def header_row(told: Annotation) -> int:
    return len(told.notes) + 2


def top_rows(told: Annotation, wardrobe: Wardrobe, columns: Sequence[tuple[str, str, int]]) -> Iterator[str]:
    """The title and the notes, each across all columns."""
    title, note = wardrobe.listed("title", boxed=False), wardrobe.listed("body", boxed=False)
    for row, text in enumerate((told.title, *told.notes), 1):
        style, height = (title, HEIGHTS[0]) if row == 1 else (note, HEIGHTS[1])
        style = wardrobe.quoted(style) if looks_live(text) else style
        rest = "".join(f'<c r="{letters(n)}{row}" s="{style}"/>' for n in range(2, len(columns) + 1))
        yield f'<row r="{row}" ht="{height}" customHeight="1">{text_cell("A", row, style, text)}{rest}</row>'


def head_row(row: int, wardrobe: Wardrobe, columns: Sequence[tuple[str, str, int]]) -> str:
    style = wardrobe.listed("head", colour=HEAD_COLOUR, centred=True)
    cells = (text_cell(letters(n), row, style, title) for n, (_, title, _) in enumerate(columns, 1))
    return f'<row r="{row}" ht="26" customHeight="1">{"".join(cells)}</row>'


class Styles:
    """The styles of lines, made when the first line needs one."""

    def __init__(self, wardrobe: Wardrobe) -> None:
        self._wardrobe = wardrobe
        self._known: dict[tuple[str, str, bool], int] = {}

    def for_text(self, style: int, text: str) -> int:
        return self._wardrobe.quoted(style) if looks_live(text) else style

    def of(self, key: str, remark: Remark, *, linked: bool) -> int:
        colour = COLOURS[remark.severity] if key == "severity" else ""
        if remark.since == "fixed":
            colour = COLOURS["fixed"]
        asked = ("link" if linked else "body", colour, key in CENTRED)
        if asked not in self._known:
            font, colour, centred = asked
            self._known[asked] = self._wardrobe.listed(font, colour=colour, centred=centred)
        return self._known[asked]


def line(
    row: int,
    number: int,
    remark: Remark,
    target: str,
    styles: Styles,
    columns: Sequence[tuple[str, str, int]],
) -> str:
    texts: Mapping[str, str] = {
        "severity": TITLES[remark.severity],
        "since": SINCE.get(remark.since, ""),
        "sheet": remark.sheet,
        "ref": remark.ref or ("整页" if target else ""),
        "wrong": remark.wrong,
        "remedy": remark.remedy,
    }
    cells, lines = [], 1
    for n, (key, _, width) in enumerate(columns, 1):
        style = styles.of(key, remark, linked=key == "ref" and target != "")
        if key == "number":
            cells.append(f'<c r="{letters(n)}{row}" s="{style}"><v>{number}</v></c>')
        else:
            cells.append(text_cell(letters(n), row, styles.for_text(style, texts[key]), texts[key]))
            lines = max(lines, lines_in(texts[key], width=width - (1 if key in CENTRED else SPARE)))
    height = min(MOST_HIGH, LINE * lines + PADDING)
    return f'<row r="{row}" ht="{height}" customHeight="1">{"".join(cells)}</row>'


def text_cell(column: str, row: int, style: int, text: str) -> str:
    """A text is written as text: never as a formula, whatever it begins with."""
    if not text:
        return f'<c r="{column}{row}" s="{style}"/>'
    inside = f'<is><t xml:space="preserve">{shown(text)}</t></is>'
    return f'<c r="{column}{row}" s="{style}" t="inlineStr">{inside}</c>'


def links(column: str, head: int, targets: Targets) -> Iterator[str]:
    made = [
        f'<hyperlink ref="{column}{head + n}" location={quoted(target).decode()}/>'
        for n, target in enumerate(targets[:MOST_LINKS], 1)
        if target
    ]
    if made:
        yield f"<hyperlinks>{''.join(made)}</hyperlinks>"


def address(sheet: str, ref: str) -> str:
    """``'附件2 花名册'!D4``."""
    return "'" + sheet.replace("'", "''") + f"'!{ref}"
