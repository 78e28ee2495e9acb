"""The parts of a workbook's zip: what leads where, and every part inflated under one budget."""

from __future__ import annotations

import posixpath
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

CHUNK = 64 * 1024
OVERLAP = 64
"""So many bytes of a chunk are looked at again with the next."""
MAX_UNPACKED = 200 * 1024 * 1024

WORKBOOK = "xl/workbook.xml"
ROOT_RELATIONS, RELATIONS = "_rels/.rels", "xl/_rels/workbook.xml.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
RELATED = "http://schemas.openxmlformats.org/package/2006/relationships "
RELATION_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"

Attributes = Mapping[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


UNREADABLE = (
    BadZipFile, zlib.error, struct.error, OSError, EOFError, LookupError, ValueError, OverflowError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What Python's zip reader raises for files that are none."""


class Damaged(Exception):
    """The file is not what its own parts say; nothing in it can be relied on."""


class TooMuch(Exception):
    """The file asks for more rows, ranges or bytes than any dossier needs: of what, and on which sheet."""

    def __init__(self, what: str, sheet: str = "") -> None:
        super().__init__(what)
        self.sheet = sheet


class Enough(Exception):
    """A handler has read all that it wants of a part; whether ``sought`` still follows is asked for."""

    def __init__(self, sought: re.Pattern[bytes] | None = None) -> None:
        super().__init__()
        self.sought = sought


@dataclass
class Package:
    """A workbook's zip; ``inflated`` bytes are counted as they come, since sizes in a header may lie."""

    data: bytes
    inflated: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._zip = ZipFile(BytesIO(self.data))
        self._names = {name.lower(): name for name in self._zip.namelist()}

    def has(self, part: str) -> bool:
        return part.lower() in self._names

    def spelt(self, part: str) -> str:
        """A part's name as the zip writes it; the name itself when the part is not there."""
        return self._names.get(part.lower(), part)

    def under(self, folder: str) -> list[str]:
        """The parts in a folder, by name."""
        return sorted(name for key, name in self._names.items() if key.startswith(folder.lower()))

    def read(self, part: str) -> bytes:
        """A small part as a whole; ``Damaged`` when it is not there."""
        pieces: list[bytes] = []
        self._each_chunk(part, pieces.append)
        return b"".join(pieces)

    def parse(self, part: str, *, start: Start, end: End | None = None, text: Text | None = None) -> bool:
        """Stream a part through expat; names come as ``namespace local``. A handler may raise ``Enough``; whether
        what it still sought follows in the part."""
        parser = parser_for(start, end, text)
        try:
            self._each_chunk(part, lambda chunk: parser.Parse(chunk, False))
            parser.Parse(b"", True)
        except Enough as enough:
            sought = enough.sought
            return sought is not None and self._follows(part, sought, parser.CurrentByteIndex)
        except expat.ExpatError as error:
            raise Damaged(str(error)) from error
        return False

    def size(self, part: str) -> int:
        """How large the zip says that a part is."""
        return self._zip.getinfo(self.spelt(part)).file_size if self.has(part) else 0

    def _follows(self, part: str, sought: re.Pattern[bytes], after: int) -> bool:
        """Whether anything sought stands behind so many bytes of a part, without parsing what is between."""
        seen, tail, found = 0, b"", False

        def look(chunk: bytes) -> None:
            nonlocal seen, tail, found
            window = tail + chunk
            start = max(0, after - (seen - len(tail)))
            found = found or sought.search(window, start) is not None
            seen, tail = seen + len(chunk), window[-OVERLAP:]

        self._each_chunk(part, look)
        return found

    def _each_chunk(self, part: str, take: Callable[[bytes], object]) -> None:
        if not self.has(part):
            raise Damaged(f"no part {part}")
        with self._zip.open(self._names[part.lower()]) as source:
            while chunk := source.read(CHUNK):
                self.inflated += len(chunk)
                if self.inflated > MAX_UNPACKED:
                    raise TooMuch("bytes")
                take(chunk)


def parser_for(start: Start, end: End | None, text: Text | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    # No dossier declares a document type; entities are how XML is made to explode or to read files.
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    return parser


def refuse_doctype(*_: object) -> None:
    raise Damaged("a document type is declared")


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it. ``state`` is visible, hidden or veryHidden."""

    title: str
    part: str
    state: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a workbook says of itself: its sheets, whether it counts days from 1904, where the rest stands."""

    sheets: tuple[Listed, ...]
    since_1904: bool
    strings: str
    styles: str


def contents(package: Package) -> Contents:
    """The workbook's own list; sheets that lead to no part of this file are left out."""
    if ("officeDocument", WORKBOOK) not in relations(package, ROOT_RELATIONS, "/").values():
        raise Damaged("the file leads to no workbook")
    related = relations(package, RELATIONS, "/xl")
    sheets: list[Listed] = []
    flags: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == MAIN + "workbookPr":
            flags.update(attributes)
        elif name == MAIN + "sheet":
            part = related.get(attributes.get(RELATION_ID, ""), ("", ""))[1]
            if package.has(part):
                sheets.append(Listed(attributes.get("name", ""), part, attributes.get("state", "visible")))

    package.parse(WORKBOOK, start=start)
    by_kind = dict(related.values())
    return Contents(
        tuple(sheets),
        flags.get("date1904", "0") in ("1", "true"),
        by_kind.get("sharedStrings", ""),
        by_kind.get("styles", ""),
    )


def relations(package: Package, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """By id: the last word of a relation's type, and the part it leads to, seen from ``folder``."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == RELATED + "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rsplit("/", 1)[-1]
            target = posixpath.join(folder, attributes.get("Target", ""))
            found[attributes.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))

    package.parse(part, start=start)
    return found
