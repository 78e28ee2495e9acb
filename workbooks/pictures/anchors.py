"""Where a workbook's pictures stand: WPS's formulas in cells, and the anchors of drawings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from workbooks.file.package import RELATIONS, Attributes, Listed, Package, relations
from workbooks.read.sheet import letters
from workbooks.read.sheet_stream import CELL, EXCEL_COLUMNS, EXCEL_ROWS, FORMULA, VALUE

WPS_PART = "xl/cellimages.xml"
WPS_KIND = "cellImage"
WPS_FORMULA = re.compile(r'DISPIMG\(\s*"([^"]+)"', re.IGNORECASE)

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing "
PAINT = "http://schemas.openxmlformats.org/drawingml/2006/main "
EMBED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships embed"
ANCHORS = tuple(DRAWING + name for name in ("oneCellAnchor", "twoCellAnchor", "absoluteAnchor"))
NAME, BLIP, FROM, ROW, COLUMN = (
    DRAWING + "cNvPr",
    PAINT + "blip",
    DRAWING + "from",
    DRAWING + "row",
    DRAWING + "col",
)


def cell_pictures(package: Package) -> dict[str, str]:
    """WPS's name of a picture in a cell -> the part that holds it."""
    part = next(
        (to for kind, to in relations(package, RELATIONS, "/xl").values() if kind == WPS_KIND), WPS_PART
    )
    if not package.has(part):
        return {}
    held, named = relations_of(package, part), dict[str, str]()
    name = ""

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal name
        if tag == NAME:
            name = attributes.get("name", "")
        elif tag == BLIP and attributes.get(EMBED) in held:
            named.setdefault(name, held[attributes[EMBED]])

    package.parse(part, start=start)
    return named


def relations_of(package: Package, part: str) -> dict[str, str]:
    """Relation id -> part, of those that the file has."""
    folder, file = posixpath.split(part)
    related = f"{folder}/_rels/{file}.rels"
    if not package.has(related):
        return {}
    found = relations(package, related, f"/{folder}")
    return {name: to for name, (_, to) in found.items() if package.has(to)}


def pictures_in_cells(package: Package, sheet: Listed) -> list[tuple[str, str]]:
    """(cell, WPS's name of the picture), by the formula or by what is left of it as text."""
    found: list[tuple[str, str]] = []
    ref, pieces, keeps = "", list[str](), False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal ref, keeps
        if tag == CELL:
            ref = attributes.get("r", "")
            pieces.clear()
        keeps = tag in (FORMULA, VALUE)

    def text(piece: str) -> None:
        if keeps:
            pieces.append(piece)

    def end(tag: str) -> None:
        nonlocal keeps
        keeps = False
        formula = WPS_FORMULA.search("".join(pieces)) if tag == CELL and pieces else None
        if formula:
            found.append((ref, formula[1]))

    if b"DISPIMG" in package.read(sheet.part):
        package.parse(sheet.part, start=start, end=end, text=text)
    return found


def floating_pictures(package: Package, drawing: str) -> Iterator[tuple[str, str]]:
    """(the cell below its upper left corner, part) of every picture of a drawing, inside groups too."""
    held, found = relations_of(package, drawing), list[tuple[str, str]]()
    place, inside, asked = {ROW: "0", COLUMN: "0"}, False, ""

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside, asked
        if tag in ANCHORS:
            place.update({ROW: "0", COLUMN: "0"})
        elif tag == FROM:
            inside = True
        elif inside and tag in place:
            asked, place[tag] = tag, ""
        elif tag == BLIP and attributes.get(EMBED) in held:
            found.append((cell_at(place[ROW], place[COLUMN]), held[attributes[EMBED]]))

    def text(piece: str) -> None:
        if asked:
            place[asked] += piece

    def end(tag: str) -> None:
        nonlocal inside, asked
        asked = ""
        inside = inside and tag != FROM

    package.parse(drawing, start=start, end=end, text=text)
    return iter(dict.fromkeys(found))


def cell_at(row: str, column: str) -> str:
    """``F5`` from the numbers of a drawing, which count from 0; A1 for what is no place in a sheet."""
    numbers = [int(one) + 1 if one.strip().isdecimal() and len(one) < 9 else 0 for one in (row, column)]
    fits = 0 < numbers[0] <= EXCEL_ROWS and 0 < numbers[1] <= EXCEL_COLUMNS
    return f"{letters(numbers[1])}{numbers[0]}" if fits else "A1"
