"""A town's text that begins like a formula: marked as text, so that it stays one when its cell is edited."""

from __future__ import annotations

import re
from html import unescape

from rules.signs import looks_live
from workbooks.annotate.styles import Wardrobe
from workbooks.file.package import Package
from workbooks.file.xml_edit import tag_with
from workbooks.read.cell_types import shared_strings

CELL = re.compile(
    rb"""(<(?P<prefix>(?:[^\s:<>/=]+:)?+)c(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*+)?(?<!/)>)(.*?)</(?P=prefix)c\s*>""",
    re.DOTALL,
)
TYPE = re.compile(rb"""\st\s*=\s*["'](s|str|inlineStr)["']""")
STYLE = re.compile(rb"""\ss\s*=\s*["']([0-9]{1,9})["']""")
FORMULA = re.compile(rb"<(?:[^\s:<>/=]+:)?f[\s>/]")
TEXT = re.compile(rb"<(?:[^\s:<>/=]+:)?[vt](?:\s[^<>]*)?>([^<]*)<")


def live_strings(package: Package, part: str) -> frozenset[int]:
    """The numbers of those shared texts that begin like a formula."""
    texts = shared_strings(package, part) if package.has(part) else ()
    return frozenset(number for number, text in enumerate(texts) if looks_live(text))


def quote_live(xml: bytes, live: frozenset[int], wardrobe: Wardrobe) -> bytes:
    """The sheet with every cell marked as text whose text begins like a formula: a shared one (``live``) or its own."""

    def dress(found: re.Match[bytes]) -> bytes:
        tag, inside = found[1], found[3]
        if not is_live(tag, inside, live):
            return found[0]
        style = STYLE.search(tag)
        dressed = tag_with(tag, {"s": str(wardrobe.quoted(int(style[1]) if style else 0))})
        return dressed + found[0][len(tag) :]

    own = b"inlineStr" in xml or b'"str"' in xml or b"'str'" in xml
    return CELL.sub(dress, xml) if live or own else xml


def is_live(tag: bytes, inside: bytes, live: frozenset[int]) -> bool:
    kind, text = TYPE.search(tag), TEXT.search(inside)
    if kind is None or text is None or FORMULA.search(inside):
        return False
    if kind[1] == b"s":
        return text[1].strip().isdigit() and int(text[1]) in live
    return looks_live(unescape(text[1].decode("utf-8", "replace")))
