"""The drawing behind a sheet's comments: a hidden note for each, in the old vector language Excel asks for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from workbooks.annotate.marks import Outline, Place
from workbooks.file.package import Damaged

NAMES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
KNOWN = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in NAMES.items())
NO_DRAWING = f"<xml{KNOWN}></xml>".encode()

SHAPE = re.compile(rb"<(?:\w+:)?shape\b.*?</(?:\w+:)?shape\s*>", re.DOTALL)
NOTE = re.compile(rb"""ObjectType\s*=\s*["']Note["']""")
ROW, COLUMN = (re.compile(rb"<(?:\w+:)?%b>\s*([0-9]{1,7})\s*<" % name) for name in (b"Row", b"Column"))
NUMBER = re.compile(rb"_x0000_s([0-9]{1,9})")
END = re.compile(rb"</(?:\w+:)?xml\s*>\s*$")
KIND = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"{names}>'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
NOTE_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" fillcolor="#fff8dc" strokecolor="#8d99a6" o:insetmode="auto" '
    'style="position:absolute;margin-left:60pt;margin-top:2pt;width:{width}pt;height:{height}pt;z-index:{order};'
    'visibility:hidden"{names}><v:fill color2="#fff8dc"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
FIRST_NUMBER = 1025

BOX, LINE, TEXT_UNITS = 300, 18, 40
"""A note in pixels: how wide, how high a line, and how many half widths stand in a line."""
TALLEST_BOX = 360
COLUMN_PIXELS, ROW_PIXELS = 64, 20
"""Of columns and rows about which a sheet says nothing."""


@dataclass
class Shapes:
    """A drawing, changed as text: what Excel writes there is not always XML."""

    xml: bytes
    outline: Outline
    changes: list[tuple[int, int]] = field(default_factory=list, init=False)
    new: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        end = END.search(self.xml)
        if end is None:
            raise Damaged("a drawing without an end")
        self.end = end.start()
        self.notes = {
            place_of(found[0]): found.span() for found in SHAPE.finditer(self.xml) if NOTE.search(found[0])
        }
        self.number = max([FIRST_NUMBER - 1, *(int(one) for one in NUMBER.findall(self.xml))]) + 1

    def take_out(self, places: Collection[Place]) -> None:
        self.changes += [self.notes[place] for place in places if place in self.notes]

    def put_in(self, texts: Mapping[Place, str]) -> None:
        names = (
            ""
            if all(name.encode() in self.xml[: self.xml.find(b">", 0)] for name in NAMES.values())
            else KNOWN
        )
        if b'id="_x0000_t202"' not in self.xml:
            self.new.append(KIND.format(names=names))
        for place, text in sorted(texts.items()):
            if place not in self.notes and place[0] > 0:
                self.new.append(self._note(place, text, names))
                self.number += 1

    def _note(self, place: Place, text: str, names: str) -> str:
        height = min(TALLEST_BOX, LINE * (lines_in(text, width=TEXT_UNITS) + 1))
        return NOTE_SHAPE.format(
            id=self.number, width=BOX * 3 // 4, height=height * 3 // 4, order=len(self.new), names=names,
            anchor=anchor(self.outline, place, height), row=place[0] - 1, column=place[1] - 1,
        )  # fmt: skip

    def done(self) -> bytes:
        pieces, at = list[bytes](), 0
        for start, end in sorted(self.changes):
            pieces.append(self.xml[at:start])
            at = end
        more = "".join(self.new).encode()
        return b"".join([*pieces, self.xml[at : self.end], more, self.xml[self.end :]])


def place_of(shape: bytes) -> Place:
    row, column = ROW.search(shape), COLUMN.search(shape)
    return (int(row[1]) + 1, int(column[1]) + 1) if row and column else (0, 0)


def lines_in(text: str, *, width: int) -> int:
    """How many lines a text takes; ``width`` is counted in digits, of which a Chinese sign takes two."""
    widths = (sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in line) for line in text.split("\n"))
    return sum(1 + max(0, taken - 1) // width for taken in widths)


def anchor(outline: Outline, place: Place, height: int) -> str:
    """From which cell to which a note reaches, with pixels into each: right of its cell, as wide as the others."""
    row, column = place[0] - 1, place[1]
    last, rest = column, BOX + 15
    while rest > pixels(outline, last + 1):
        rest -= pixels(outline, last + 1)
        last += 1
    top = max(0, row - 1)
    return f"{column}, 15, {top}, 4, {last}, {rest}, {top + height // ROW_PIXELS}, {height % ROW_PIXELS}"


def pixels(outline: Outline, column: int) -> int:
    """How wide a column is; never nothing."""
    told = outline.column(column)
    if told.get("hidden") in ("1", "true"):
        return 1
    try:
        width = float(told.get("width", ""))
    except ValueError:
        return COLUMN_PIXELS
    return int(min(max(width, 1), 255) * 7 + 5)
