"""XML changed where it must be and nowhere else: elements by the bytes they take, and edits of those bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from workbooks.file.package import Attributes, Damaged, refuse_doctype

TAG = re.compile(rb"""<[^\s<>/]+(?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(rb"""\s([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")
DECLARATION = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(slots=True)
class Node:
    """An element in its document: its start tag is ``start`` to ``opened``, its end tag ``closing`` to ``end``."""

    name: str
    attributes: Attributes
    start: int
    opened: int
    closing: int = 0
    end: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """With its colon, or empty."""
        before, colon, _ = self.name.rpartition(":")
        return before + colon

    @property
    def local(self) -> str:
        return self.name.rpartition(":")[2]

    def all(self, local: str) -> Iterator[Node]:
        """The children of this name and of the element's own vocabulary."""
        wanted = self.prefix + local
        return (child for child in self.children if child.name == wanted)

    def child(self, local: str) -> Node | None:
        return next(self.all(local), None)


def read_tree(xml: bytes, *, depth: int) -> Node:
    """The root and ``depth`` levels below it; raises ``Damaged`` for what is no XML."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    level, around, roots = 0, list[Node](), list[Node]()

    def start(name: str, attributes: Attributes) -> None:
        nonlocal level
        if level <= depth:
            at = parser.CurrentByteIndex
            tag = TAG.match(xml, at)
            if tag is None:
                raise Damaged(f"no tag at {at}")
            node = Node(name, attributes, at, tag.end())
            (around[-1].children if around else roots).append(node)
            around.append(node)
        level += 1

    def end(_: str) -> None:
        nonlocal level
        level -= 1
        if level <= depth:
            node = around.pop()
            # An element without an end tag ends where it began.
            alone = xml[node.opened - 2 : node.opened] == b"/>"
            node.closing = node.opened if alone else parser.CurrentByteIndex
            node.end = node.opened if alone else xml.index(b">", node.closing) + 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise Damaged(str(error)) from error
    return roots[0]


def as_utf8(xml: bytes) -> bytes:
    """The document in UTF-8 without a byte order mark, whatever it came in."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        return undeclared(xml.decode("utf-16").encode())
    xml = xml.removeprefix(b"\xef\xbb\xbf")
    declared = DECLARATION.match(xml)
    if declared is None or declared[1].lower() in (b"utf-8", b"utf8"):
        return xml
    return undeclared(xml.decode(declared[1].decode()).encode())


def undeclared(xml: bytes) -> bytes:
    return DECLARATION.sub(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', xml, count=1)


@dataclass
class Edits:
    """Changes of one document, in any order; none may reach into another."""

    xml: bytes
    changes: list[tuple[int, int, bytes]] = field(default_factory=list)

    def put(self, at: int, new: bytes) -> None:
        self.changes.append((at, at, new))

    def replace(self, start: int, end: int, new: bytes) -> None:
        self.changes.append((start, end, new))

    def drop(self, node: Node) -> None:
        self.replace(node.start, node.end, b"")

    def retag(self, node: Node, values: Mapping[str, str]) -> None:
        """The element's start tag with other values of attributes."""
        self.replace(node.start, node.opened, tag_with(self.xml[node.start : node.opened], values))

    def append(self, node: Node, inside: bytes, values: Mapping[str, str] = {}) -> None:
        """Put ``inside`` at the element's end, with other values of attributes; once for each element."""
        tag = tag_with(self.xml[node.start : node.opened], values)
        if node.closing == node.end:
            ending = f"</{node.name}>".encode()
            self.replace(node.start, node.end, tag[:-2].rstrip() + b">" + inside + ending)
            return
        if values:
            self.replace(node.start, node.opened, tag)
        self.put(node.closing, inside)

    def done(self) -> bytes:
        pieces, at = list[bytes](), 0
        for start, end, new in sorted(self.changes, key=lambda change: change[:2]):
            pieces += [self.xml[at:start], new]
            at = end
        return b"".join([*pieces, self.xml[at:]])


def tag_with(tag: bytes, values: Mapping[str, str]) -> bytes:
    """A start tag with these values of attributes in place of its own; new ones stand last."""
    left = dict(values)

    def put(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        return b" " + found[1] + b"=" + quoted(left.pop(name)) if name in left else found[0]

    changed = ATTRIBUTE.sub(put, tag)
    more = b"".join(b" " + name.encode() + b"=" + quoted(value) for name, value in left.items())
    tail = b"/>" if changed.endswith(b"/>") else b">"
    return changed[: -len(tail)].rstrip() + more + tail


def quoted(value: str) -> bytes:
    return b'"' + safe(value).replace('"', "&quot;").replace("\n", "&#10;").encode() + b'"'


def safe(text: str) -> str:
    """Text as XML can hold it: signs that it cannot are left out."""
    return escape(FORBIDDEN.sub("", text))


def shown(text: str) -> str:
    """The same for text that Excel would otherwise take for its own way of writing signs (_x000D_)."""
    return safe(LIKE_ESCAPED.sub("_x005F_", text))
