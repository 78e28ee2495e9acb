"""Values put straight into the XML of a prepared template: the rest of the workbook stays as it was made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from xml.sax.saxutils import escape

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import coordinate_to_tuple
from openpyxl.utils.datetime import to_excel

from rules.dossiers.dossier import Value
from rules.signs import looks_live
from workbooks.file.quoted_styles import QuotedStyles
from workbooks.read.sheet import letters

Place = tuple[int, int]
"""Row and column, from 1."""
Answer = Value | Fraction
Row = Mapping[int, Answer]


@dataclass(frozen=True)
class Styles:
    """Which of a workbook's styles show a day, and their twins for text that begins like a formula."""

    dates: frozenset[int]
    quoted: QuotedStyles


CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"(?: s="([0-9]+)")?[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
"""A cell as openpyxl writes it."""
DIMENSION = re.compile(r'<dimension ref="([A-Z]+[0-9]+):([A-Z]+)([0-9]+)"')


def with_values(xml: bytes, values: Mapping[Place, Answer], *, styles: Styles) -> bytes:
    """A sheet with other values in cells that it has; raises ``KeyError`` for those it has not."""
    left = dict(values)

    def put(found: re.Match[str]) -> str:
        place = coordinate_to_tuple(found[1])
        if place not in left:
            return found[0]
        return cell_xml(found[1], found[2] or "0", left.pop(place), styles)

    text = CELL.sub(put, xml.decode())
    if left:
        raise KeyError(next(iter(left)))
    return text.encode()


def with_rows(xml: bytes, first: int, rows: Iterable[Row], *, styles: Styles) -> bytes:
    """A sheet with ``rows`` in place of its row ``first``, each dressed as that one was."""
    text = xml.decode()
    start = text.index(f'<row r="{first}"')
    end = text.index("</row>", start) + len("</row>")
    opening, pattern = text[start : text.index(">", start) + 1], text[start:end]
    columns = {coordinate_to_tuple(ref)[1]: style or "0" for ref, style in CELL.findall(pattern)}
    written = [
        row_xml(opening.replace(f'r="{first}"', f'r="{number}"', 1), number, row, columns, styles)
        for number, row in enumerate(rows, first)
    ]
    if not written:
        return xml
    head = DIMENSION.sub(rf'<dimension ref="\1:\g<2>{first + len(written) - 1}"', text[:start])
    return "".join([head, *written, text[end:]]).encode()


def row_xml(opening: str, number: int, row: Row, columns: Mapping[int, str], styles: Styles) -> str:
    cells = [
        cell_xml(f"{letters(column)}{number}", style, row.get(column), styles)
        for column, style in columns.items()
    ]
    return "".join([opening, *cells, "</row>"])


def cell_xml(ref: str, style: str, value: Answer, styles: Styles) -> str:
    """One cell. Text is never a formula, whatever it begins with; a day in a cell of no date is text."""
    if isinstance(value, str) and looks_live(value):
        style = str(styles.quoted.of(int(style)))
    start = f'<c r="{ref}" s="{style}"'
    if isinstance(value, Fraction):
        value = value.numerator if value.denominator == 1 else float(value)
    if isinstance(value, date):
        value = days(value) if int(style) in styles.dates else value.isoformat()
    if value is None or value == "":
        return f"{start}/>"
    if isinstance(value, bool):
        return f'{start} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        if ILLEGAL_CHARACTERS_RE.search(value):
            raise ValueError(f"{ref} holds signs that no workbook can hold")
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"{start}><v>{value}</v></c>"


def days(day: date) -> int:
    """The number by which Excel knows a day."""
    return int(to_excel(day))  # type: ignore[no-untyped-call]
