"""Finds identity numbers in bytes, whatever wrote them: encodings, encodings within encodings, files within files.

Nothing here keeps a number: a judge is asked about each candidate and only places are remembered.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from mmap import mmap
from typing import Literal

from rules.dossiers.id_numbers import birth_date, check_digit

Kind = Literal["known", "alike"]
"""A number of somebody on a roster; or one that could be anybody's: right date, right check digit, standing alone."""
Knows = Callable[[str], bool]
Bytes = bytes | mmap

DEEPEST = 4
LARGEST = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Encoding:
    """How characters are written: ``width`` bytes each, a row of digits, what stands beside one, the way back."""

    name: str
    width: int
    row: re.Pattern[bytes]
    beside: re.Pattern[bytes]
    back: Callable[[bytes], str]


def _encoding(
    name: str, *, width: int, digit: bytes, last: bytes, word: bytes, back: Callable[[bytes], str]
) -> Encoding:
    row = re.compile(b"%b(?:%b){16,}(?:%b)?" % (digit, digit, last), re.DOTALL)
    return Encoding(name, width, row, re.compile(word, re.DOTALL), back)


ENCODINGS = (
    _encoding(
        "text", width=1, digit=b"[0-9]", last=b"[Xx]", word=b"[0-9A-Za-z]",
        back=lambda found: found.decode("ascii"),
    ),
    _encoding(
        "utf-16le", width=2, digit=rb"[0-9]\x00", last=rb"[Xx]\x00", word=rb"[0-9A-Za-z]\x00",
        back=lambda found: found.decode("utf-16-le"),
    ),
    _encoding(
        "utf-16be", width=2, digit=rb"\x00[0-9]", last=rb"\x00[Xx]", word=rb"\x00[0-9A-Za-z]",
        back=lambda found: found.decode("utf-16-be"),
    ),
    _encoding(
        "json escapes", width=6, digit=rb"\\u003[0-9]", last=rb"\\u00[57]8",
        word=rb"\\u00(?:3[0-9]|[4-7][0-9a-fA-F])", back=lambda found: found.decode("unicode-escape"),
    ),
    _encoding(
        "full width", width=3, digit=rb"\xef\xbc[\x90-\x99]", last=rb"\xef(?:\xbc\xb8|\xbd\x98)",
        word=rb"\xef[\xbc\xbd].",
        back=lambda found: "".join(chr(ord(one) - 0xFEE0) for one in found.decode("utf-8")),
    ),
)  # fmt: skip
# Looked for at every place of a row that is longer: cells of a database have no blanks between them.
NUMBER = re.compile(
    r"(?=([1-8][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]))"
)
PAGE = 65_536
"""No page of a database is longer: a longer run of base64 has its beginning."""
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*")
URL_SAFE = bytes.maketrans(b"-_", b"+/")
PACKED: tuple[tuple[bytes, str, Callable[[bytes], bytes]], ...] = (
    (b"\x1f\x8b", "gzip", gzip.decompress),
    (b"BZh", "bzip2", bz2.decompress),
    (b"\xfd7zXZ\x00", "xz", lzma.decompress),
    (b"\x78\x01", "zlib", zlib.decompress),
    (b"\x78\x5e", "zlib", zlib.decompress),
    (b"\x78\x9c", "zlib", zlib.decompress),
    (b"\x78\xda", "zlib", zlib.decompress),
)
NOT_PACKED = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)
ZIP = b"PK\x03\x04"
MAIL = re.compile(rb"^(?:From|To|Received|Subject|MIME-Version|Content-Type|X-[\w-]+): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Trace:
    """One place where a number stands; ``where`` names the layers down to it."""

    kind: Kind
    where: str


def search(data: Bytes, knows: Knows, *, where: str = "", depth: int = 0) -> Iterator[Trace]:
    """Every trace in ``data`` and in what is packed, attached or encoded in it."""
    for encoding in ENCODINGS:
        for row in encoding.row.finditer(data):
            for kind, at in _in_row(data, encoding, row, knows):
                yield Trace(kind, f"{where}{encoding.name} at {at}")
    if depth < DEEPEST:
        for name, inner in _layers(data):
            yield from search(inner, knows, where=f"{where}{name} > ", depth=depth + 1)


def _in_row(
    data: Bytes, encoding: Encoding, row: re.Match[bytes], knows: Knows
) -> Iterator[tuple[Kind, int]]:
    for found in NUMBER.finditer(encoding.back(row[0]).upper()):
        start = row.start() + found.start(1) * encoding.width
        end = start + len(found[1]) * encoding.width
        if knows(found[1]):
            yield "known", start
        elif _looks_right(found[1]) and not (
            encoding.beside.fullmatch(data[max(start - encoding.width, 0) : start])
            or encoding.beside.match(data[end : end + encoding.width])
        ):
            yield "alike", start


def _looks_right(number: str) -> bool:
    return birth_date(number) is not None and check_digit(number[:17]) == number[17]


def _layers(data: Bytes) -> Iterator[tuple[str, bytes]]:
    head = data[:8]
    if head.startswith(ZIP):
        yield from _members(data)
    for magic, name, unpack in PACKED:
        if head.startswith(magic):
            try:
                yield name, unpack(data[:])
            except NOT_PACKED:
                continue
    if MAIL.match(data[:1024]):
        yield from _mail_parts(data[:])
    for match in BASE64.finditer(data):
        yield from _decoded(match[0])


def _members(data: Bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data[:])) as archive:
            for member in archive.infolist():
                if member.file_size <= LARGEST:
                    yield member.filename, archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, *NOT_PACKED):
        return


def _mail_parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    mail = message_from_bytes(data)
    for name, value in mail.items():
        words = decode_header(str(value))
        yield name, b"".join(word if isinstance(word, bytes) else word.encode() for word, _ in words)
    for part in mail.walk():
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield part.get_content_type(), body


def _decoded(run: bytes) -> Iterator[tuple[str, bytes]]:
    """Base64, read from each of its four possible beginnings: in a page of a database the true one may be lost."""
    letters = run.replace(b"\r", b"").replace(b"\n", b"").translate(URL_SAFE)
    for skip in range(4 if len(letters) < PAGE else 1):
        whole = letters[skip : skip + (len(letters) - skip) // 4 * 4]
        tail = letters[skip + len(whole) :]
        padded = whole + tail + b"=" * (4 - len(tail)) if len(tail) > 1 else whole
        yield "base64", b64decode(padded)
