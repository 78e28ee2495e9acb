"""Marks in the XML of a sheet: cells dressed anew, cells and rows made where none stand, marks of before undone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from openpyxl.utils import coordinate_to_tuple, range_boundaries

from workbooks.annotate.styles import Wardrobe
from workbooks.file.package import Damaged
from workbooks.file.package_edit import OFFICE
from workbooks.file.xml_edit import Edits, Node, quoted, read_tree
from workbooks.read.sheet import letters
from workbooks.read.sheet_stream import EXCEL_ROWS

Place = tuple[int, int]
"""Row and column, from 1."""
Marks = Mapping[Place, str]
"""Where a mark goes, and the severity by which it is coloured."""

BEHIND_COMMENTS = frozenset({
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
})  # fmt: skip
"""The children of a sheet that stand behind its ``legacyDrawing``."""
TALLEST = 10_000
"""Merged ranges with more rows are not looked into."""
STYLED = re.compile(rb"""\s(?:[^\s:=]+:)?s\s*=\s*["']\s*([0-9]+)""")


@dataclass(frozen=True)
class Outline:
    """A sheet's XML and where its rows, columns and merged ranges stand."""

    xml: bytes

    @cached_property
    def root(self) -> Node:
        return read_tree(self.xml, depth=2)

    def inside(self, name: str) -> list[Node]:
        holder = self.root.child(name)
        return holder.children if holder else []

    @cached_property
    def merged(self) -> dict[int, list[tuple[int, int, int, int]]]:
        """By row: the ranges (first column, first row, last column, last row) that lie across it."""
        found: dict[int, list[tuple[int, int, int, int]]] = {}
        for node in self.inside("mergeCells"):
            area = area_of(node.attributes.get("ref", ""))
            if area and area[3] - area[1] < TALLEST:
                for row in range(area[1], area[3] + 1):
                    found.setdefault(row, []).append(area)
        return found

    def seen_at(self, place: Place) -> Place:
        """Where something about a cell is seen: of a merged range only the first cell is."""
        row, column = place
        for left, top, right, _ in self.merged.get(row, ()):
            if left <= column <= right:
                return top, left
        return place

    @cached_property
    def columns(self) -> list[tuple[int, int, Mapping[str, str]]]:
        return [
            (number(one.attributes.get("min", "")), number(one.attributes.get("max", "")), one.attributes)
            for one in self.inside("cols")
        ]

    def column(self, wanted: int) -> Mapping[str, str]:
        """What the sheet says of a whole column."""
        return next((told for first, last, told in self.columns if first <= wanted <= last), {})


def area_of(ref: str) -> tuple[int, int, int, int] | None:
    try:
        area = range_boundaries(ref)
    except (ValueError, TypeError):
        return None
    left, top, right, bottom = area
    return (left, top, right, bottom) if left and top and right and bottom else None


def number(text: str, default: int = 0) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else default


def with_marks(outline: Outline, marks: Marks, wardrobe: Wardrobe, *, legacy: str = "") -> bytes:
    """The sheet with marks, without those of an earlier copy, and led to its comments by the id ``legacy``."""
    edits = Edits(outline.xml)
    undone = wardrobe.stale()
    mark_rows(outline, marks, wardrobe, undone, edits)
    if legacy:
        lead_to_comments(outline, legacy, edits)
    return edits.done()


# --- rows ------------------------------------------------------------------------------------------------


def mark_rows(
    outline: Outline, marks: Marks, wardrobe: Wardrobe, undone: Mapping[int, int], edits: Edits
) -> None:
    holder = outline.root.child("sheetData")
    if holder is None:
        raise Damaged("a sheet without cells")
    by_row = rows_of(marks)
    wanted = sorted(by_row)
    dress = Dresser(outline, wardrobe, undone, edits)
    at = here = 0
    for node in holder.children:
        here = number(node.attributes.get("r", ""), here + 1)
        while at < len(wanted) and wanted[at] < here:
            edits.put(node.start, dress.new_row(wanted[at], by_row[wanted[at]], holder.prefix))
            at += 1
        mine: Mapping[int, str] = {}
        if at < len(wanted) and wanted[at] == here:
            mine = by_row[here]
            at += 1
        if mine or (undone and dress.is_stale(node)):
            dress.old_row(node, here, mine)
    made = [dress.new_row(row, by_row[row], holder.prefix) for row in wanted[at:]]
    if made:
        edits.append(holder, b"".join(made))


def rows_of(marks: Marks) -> dict[int, dict[int, str]]:
    by_row: dict[int, dict[int, str]] = {}
    for row, column in sorted(marks):
        if row <= EXCEL_ROWS:
            by_row.setdefault(row, {})[column] = marks[row, column]
    return by_row


@dataclass
class Dresser:
    """Gives cells their new style, one row at a time."""

    outline: Outline
    wardrobe: Wardrobe
    undone: Mapping[int, int]
    edits: Edits

    def is_stale(self, row: Node) -> bool:
        text = self.outline.xml[row.start : row.end]
        return any(int(style) in self.undone for style in STYLED.findall(text) if len(style) < 10)

    def new_row(self, row: int, marks: Mapping[int, str], prefix: str) -> bytes:
        cells = b"".join(
            self.new_cell(row, column, severity, {}, prefix) for column, severity in marks.items()
        )
        return f'<{prefix}row r="{row}">'.encode() + cells + f"</{prefix}row>".encode()

    def new_cell(self, row: int, column: int, severity: str, told: Mapping[str, str], prefix: str) -> bytes:
        """An empty cell that looks as its row or column does, but for the mark."""
        whole_row = told.get("customFormat") in ("1", "true")
        style = number(told.get("s", "") if whole_row else self.outline.column(column).get("style", ""))
        ref, dressed = f"{letters(column)}{row}", str(self.wardrobe.marked(style, severity))
        return f"<{prefix}c r={quoted(ref).decode()} s={quoted(dressed).decode()}/>".encode()

    def old_row(self, node: Node, row: int, marks: Mapping[int, str]) -> None:
        """Dress the cells that stand there, put in those that do not."""
        xml = self.outline.xml[node.start : node.end]
        inside, left, column = read_tree(xml, depth=1), dict(marks), 0
        change = Edits(xml)
        for cell in inside.all("c"):
            column = column_of(cell, column + 1)
            for earlier in [one for one in left if one < column]:
                new = self.new_cell(row, earlier, left.pop(earlier), node.attributes, node.prefix)
                change.put(cell.start, new)
            self.old_cell(cell, left.pop(column, ""), change)
        more = [self.new_cell(row, one, left[one], node.attributes, node.prefix) for one in left]
        spans = spans_with(node.attributes.get("spans", ""), marks)
        if more:
            change.append(inside, b"".join(more), spans)
        elif spans:
            change.retag(inside, spans)
        self.edits.replace(node.start, node.end, change.done())

    def old_cell(self, cell: Node, severity: str, change: Edits) -> None:
        style = number(cell.attributes.get("s", ""))
        if severity:
            change.retag(cell, {"s": str(self.wardrobe.marked(style, severity))})
        elif style in self.undone:
            change.retag(cell, {"s": str(self.undone[style])})


def column_of(cell: Node, following: int) -> int:
    """Cells without a place follow one another."""
    ref = cell.attributes.get("r")
    try:
        return coordinate_to_tuple(ref)[1] if ref else following
    except ValueError as error:
        raise Damaged(f"no cell {str(ref)[:20]!r}") from error


def spans_with(spans: str, marks: Mapping[int, str]) -> dict[str, str]:
    """The row's hint of its first and last column, where a mark stands beyond it."""
    first, colon, last = spans.partition(":")
    if not marks or not colon or not first.isdecimal() or not last.isdecimal():
        return {}
    wider = f"{min(int(first), *marks)}:{max(int(last), *marks)}"
    return {"spans": wider} if wider != spans else {}


# --- comments --------------------------------------------------------------------------------------------


def lead_to_comments(outline: Outline, legacy: str, edits: Edits) -> None:
    """The sheet's pointer to the drawing of its comments, in the place that the format gives it."""
    root = outline.root
    tag = f'<{root.prefix}legacyDrawing xmlns:r="{OFFICE}" r:id="{legacy}"/>'.encode()
    behind = next(
        (one for one in after_cells(root) if one.local in BEHIND_COMMENTS or holds_controls(outline, one)),
        None,
    )
    edits.put(behind.start if behind else root.closing, tag)


def after_cells(root: Node) -> Iterator[Node]:
    there = False
    for one in root.children:
        if there:
            yield one
        there = there or one.local == "sheetData"


def holds_controls(outline: Outline, node: Node) -> bool:
    """Whether it is a choice between versions of form controls, as Excel writes it."""
    text = outline.xml[node.start : node.end] if node.local == "AlternateContent" else b""
    return b"controls" in text or b"oleObjects" in text


def legacy_id(root: Node) -> str:
    """The id by which a sheet leads to a drawing of comments or form controls; empty without one."""
    node = root.child("legacyDrawing")
    told = node.attributes.items() if node else ()
    return next((value for key, value in told if key.endswith(":id")), "")
