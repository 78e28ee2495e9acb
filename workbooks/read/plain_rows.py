"""Rows written as every common program writes them, matched a row at a time; anything else is left to expat.

Expat calls a handler some five times per cell. Nearly every row is a run of plain cells, though, each with its place,
style, type and one value: one pattern tells that a row is nothing else, another takes it apart. A sheet in which a
single row is otherwise is read by expat from its beginning, and means the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ATTRIBUTES = rb'((?: [A-Za-z][A-Za-z0-9:]{0,30}="[^"<>&]*")*) ?'
FORMULA = rb'(?:<f(?: [a-z]{1,9}="[^"<>&]*")?>[^<]*</f>)?'
VALUE = rb'(?:<v>[^<]*</v>|<v ?/>|<is><t(?: xml:space="preserve")?>[^<]*</t></is>)?'
CELL = (
    rb'<c r="[A-Z]{1,3}\1"(?: s="[0-9]{1,6}")?(?: t="(?:s|n|str|b|e|d|inlineStr)")? ?(?:/>|>'
    + FORMULA
    + VALUE
    + rb"</c>)"
)
ROW = re.compile(rb'<row r="([0-9]{1,7})"' + ATTRIBUTES + rb"(?:/>|>((?:" + CELL + rb")*)</row>)\s*")
"""A row's number, its other attributes, its cells: each stands in this row."""
COLUMNS = re.compile(rb'<c r="([A-Z]+)')
PIECES = re.compile(
    rb'<c r="([A-Z]+)[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")? ?>'
    rb"(<f[^>]*>[^<]*)?(?:</f>)?(?:(<v ?/>|<v>|<is><t[^>]*>)([^<]*))?"
)
"""Of a cell that is not empty: column, style, type, formula with its tag, the tag of the value, the value."""
CONTROL = bytes(code for code in range(0x20) if code not in b"\t\n")
UNCOMMON = (b"]]>", b"<!", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""What XML forbids, folds or hides; who writes so is read by expat."""
REFERENCE = re.compile("&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
MOST = 24 * 1024 * 1024
"""Larger sheets are streamed, whatever they look like: here one is held as a whole."""

Pieces = tuple[bytes, bytes, bytes, bytes, bytes, bytes]


def parted(xml: bytes) -> tuple[bytes, bytes] | None:
    """A sheet without its rows, and its rows; None when it is written in an uncommon way."""
    start, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    hidden = any(mark in xml for mark in UNCOMMON) or xml.find(b"<?", 2) >= 0
    if start < 0 or end < start or hidden or len(xml.translate(None, CONTROL)) < len(xml):
        return None
    start += len(b"<sheetData>")
    return xml[:start] + xml[end:], xml[start:end]


def plain_rows(rows: bytes) -> Iterator[tuple[re.Match[bytes], bytes]]:
    """Every row with its cells; raises ``ValueError`` at what is no plain row."""
    at = len(rows) - len(rows.lstrip())
    for found in ROW.finditer(rows):
        if found.start() != at:
            break
        at = found.end()
        yield found, found[3] or b""
    if at != len(rows):
        raise ValueError(at)


def plain_text(text: bytes) -> str:
    """The text that is meant; raises ``ValueError`` for what is no reference of XML."""
    told = text.decode()
    return resolved(told) if "&" in told else told


def resolved(text: str) -> str:
    if text.count("&") != len(REFERENCE.findall(text)):
        raise ValueError("a reference of its own")
    return REFERENCE.sub(referred, text)


def referred(found: re.Match[str]) -> str:
    if found[1]:
        return NAMED[found[1]]
    code = int(found[2]) if found[2] else int(found[3], 16)
    if not (
        code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    ):
        raise ValueError(code)
    return chr(code)


def attributes_of(told: bytes, head: bytes) -> dict[str, str]:
    """A row's attributes; raises ``ValueError`` when one stands there twice, or has a prefix that ``head`` lacks."""
    pairs = re.findall(r' ([A-Za-z0-9:]+)="([^"]*)"', told.decode())
    found = dict(pairs)
    if len(found) < len(pairs) or "r" in found:
        raise ValueError("an attribute twice")
    prefixes = {name.partition(":")[0] for name in found if ":" in name}
    if any(f' xmlns:{prefix}="'.encode() not in head for prefix in prefixes):
        raise ValueError("a prefix of nothing")
    return found
