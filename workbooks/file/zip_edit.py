"""A zip with some entries new and all others as they are, down to their compressed bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from workbooks.file.package import Damaged

CENTRAL = struct.Struct("<4s6H3I5H2I")
"""One line of a zip's list of contents, before name, extra and comment (APPNOTE 4.3.12)."""
LOCAL = struct.Struct("<4s5H3I2H")
END = struct.Struct("<4s4H2IH")
LISTED, ENTRY, LAST = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
VERSION, UTF8, STAMP = 20, 0x800, 0x2821
"""Version 2.0, names in UTF-8, 1 January 2000."""
NOWHERE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry ready to be written: what stands before its place in the list of contents, and its bytes."""

    line: bytes
    body: bytes


def grafted(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """``data`` with the entries of ``changed`` in place of its own of that name, or behind all others.

    Raises ``Damaged`` where the list of contents does not lead to the entries.
    """
    left = dict(changed)
    entries = [fresh(info.filename, left.pop(info.filename)) if info.filename in left else kept
               for info, kept in entries_of(data)]  # fmt: skip
    entries += [fresh(name, content) for name, content in left.items()]
    return written(entries)


def entries_of(data: bytes) -> list[tuple[ZipInfo, Entry]]:
    """Every entry with all bytes that belong to it, its descriptor included."""
    with ZipFile(BytesIO(data)) as source:
        infos, listed_at = source.infolist(), source.start_dir
    ends = [*sorted({info.header_offset for info in infos}), listed_at]
    reach = dict(pairwise(ends))
    entries, at = [], listed_at
    for info in infos:
        line, at = line_at(data, at)
        entries.append((info, Entry(line, data[info.header_offset : reach[info.header_offset]])))
    return entries


def line_at(data: bytes, at: int) -> tuple[bytes, int]:
    fields = CENTRAL.unpack_from(data, at)
    name, extra, comment, offset = fields[10], fields[11], fields[12], fields[16]
    end = at + CENTRAL.size + name + extra + comment
    if fields[0] != LISTED or offset == NOWHERE:
        raise Damaged("no such list of contents")
    return data[at:end], end


def fresh(name: str, content: bytes) -> Entry:
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    spelt, crc = name.encode(), zlib.crc32(content)
    common = (VERSION, UTF8, ZIP_DEFLATED, 0, STAMP, crc, len(packed), len(content), len(spelt), 0)
    local = LOCAL.pack(ENTRY, *common)
    return Entry(
        CENTRAL.pack(LISTED, VERSION, *common, 0, 0, 0, 0, 0) + spelt,
        local + spelt + packed,
    )


def written(entries: list[Entry]) -> bytes:
    bodies, lines, at = list[bytes](), list[bytes](), 0
    for entry in entries:
        bodies.append(entry.body)
        place = struct.pack("<I", at)
        lines.append(entry.line[: CENTRAL.size - 4] + place + entry.line[CENTRAL.size :])
        at += len(entry.body)
    contents = b"".join(lines)
    end = END.pack(LAST, 0, 0, len(lines), len(lines), len(contents), at, 0)
    return b"".join([*bodies, contents, end])
