"""Comments on cells: put beside those that are there, and ours of an earlier copy taken out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils import coordinate_to_tuple

from workbooks.annotate.comment_shapes import NO_DRAWING, Shapes
from workbooks.annotate.marks import Outline, Place, legacy_id
from workbooks.file.package_edit import Copy
from workbooks.file.xml_edit import Edits, Node, read_tree, shown
from workbooks.read.sheet import letters

AUTHOR = "校验标注"
THREAD = "tc="
"""How the author of a threaded comment's stand-in is called; nobody sees what stands in there."""
BEGINNING = "【校验】"
"""How ours begins in a comment that somebody else has written."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NO_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}">'
    f"<authors><author>{AUTHOR}</author></authors><commentList></commentList></comments>"
).encode()
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
FONT = '<{p}rPr>{bold}<{p}sz val="10"/><{p}rFont val="宋体"/></{p}rPr>'

Texts = Mapping[Place, str]
"""By cell: the text of its comment, the first line of which stands out."""


def add_comments(copy: Copy, part: str, outline: Outline, texts: Texts) -> str:
    """Put the texts on the sheet ``part``; the id to which it must be led, empty when it is led there already.

    Nothing is done for a sheet whose drawing is missing, nor for one without texts and comments of ours.
    """
    related, led = copy.related(part), legacy_id(outline.root)
    theirs = next((target for kind, target in related.values() if kind == "comments"), "")
    drawing = related[led][1] if led in related else ""
    xml = copy.read(theirs) if theirs else NO_COMMENTS
    if (led and not drawing) or not (texts or (theirs and is_annotated(xml))):
        return ""
    told = Comments(xml, texts)
    if theirs:
        copy.put(theirs, told.done())
    else:
        name = copy.free("xl/commentsOfFindings%d.xml")
        copy.add(name, told.done(), COMMENTS_TYPE)
        copy.relate(part, "comments", name)
    # Each comment has its shape; those of comments that stay are there already, if any are.
    wanted = {place: told.whole(place) for place in (texts if drawing else {**told.others, **texts})}
    return draw(copy, part, outline, drawing, wanted, told.gone)


def is_annotated(xml: bytes) -> bool:
    return AUTHOR.encode() in xml or BEGINNING.encode() in xml


def draw(copy: Copy, part: str, outline: Outline, drawing: str, wanted: Texts, gone: frozenset[Place]) -> str:
    shapes = Shapes(copy.read(drawing) if drawing else NO_DRAWING, outline)
    shapes.take_out(gone)
    shapes.put_in(wanted)
    if drawing:
        copy.put(drawing, shapes.done())
        return ""
    name = copy.free("xl/drawings/vmlOfFindings%d.vml")
    copy.add(name, shapes.done(), DRAWING_TYPE)
    return copy.relate(part, "vmlDrawing", name)


@dataclass
class Comments:
    """A part of comments, changed as it is read: ours are taken out and put in anew."""

    xml: bytes
    texts: Texts

    def __post_init__(self) -> None:
        self.root = read_tree(self.xml, depth=2)
        self.edits = Edits(self.xml)
        self.authors = self._authors()
        self.others: dict[Place, str] = {}
        self.ours: set[Place] = set()
        held = self.root.child("commentList")
        for node in held.children if held else ():
            self._look_at(node)
        self.gone = frozenset(self.ours - set(self.texts))

    def _authors(self) -> list[str]:
        held = self.root.child("authors")
        nodes = held.children if held else []
        return [self.xml[one.opened : one.closing].decode() for one in nodes]

    def _look_at(self, node: Node) -> None:
        place = place_of(node.attributes.get("ref", ""))
        who = node.attributes.get("authorId", "")
        author = self.authors[int(who)] if who.isdecimal() and int(who) < len(self.authors) else ""
        if author == AUTHOR:
            self.ours.add(place)
            self.edits.drop(node)
            return
        self.others[place] = ""
        if not author.startswith(THREAD):
            self._write_into(node, self.texts.get(place, ""))

    def _write_into(self, node: Node, text: str) -> None:
        """Ours behind what somebody else has written, in place of what an earlier copy put there."""
        xml = self.xml[node.start : node.end]
        held = read_tree(xml, depth=3).child("text")
        if held is None:
            return
        change = Edits(xml)
        runs = [one for one in held.children if one.local in ("t", "r")]
        ours = [one for one in runs if plain_text(xml[one.start : one.end]).startswith(BEGINNING)]
        for one in ours:
            change.drop(one)
        if text:
            for one in runs:
                if one.local == "t":  # beside runs a bare text has to be one itself
                    change.put(one.start, f"<{held.prefix}r>".encode())
                    change.put(one.end, f"</{held.prefix}r>".encode())
            new = run(f"\n{BEGINNING}{text}", held.prefix)
            if runs:
                change.put(runs[-1].end, new)
            else:
                change.append(held, new)
        if text or ours:
            self.edits.replace(node.start, node.end, change.done())

    def whole(self, place: Place) -> str:
        return self.texts.get(place, "")

    def done(self) -> bytes:
        mine = {place: text for place, text in self.texts.items() if place not in self.others}
        if mine:
            number = self._our_number()
            held = self.root.child("commentList")
            new = b"".join(
                comment(place, text, number, self.root.prefix) for place, text in sorted(mine.items())
            )
            if held:
                self.edits.append(held, new)
            else:
                p = self.root.prefix
                self.edits.put(
                    self.root.closing, f"<{p}commentList>".encode() + new + f"</{p}commentList>".encode()
                )
        return self.edits.done()

    def _our_number(self) -> int:
        if AUTHOR in self.authors:
            return self.authors.index(AUTHOR)
        held, prefix = self.root.child("authors"), self.root.prefix
        author = f"<{prefix}author>{AUTHOR}</{prefix}author>"
        if held:
            self.edits.append(held, author.encode())
        else:
            self.edits.put(self.root.opened, f"<{prefix}authors>{author}</{prefix}authors>".encode())
        return len(self.authors)


def place_of(ref: str) -> Place:
    """Raises nothing: a comment without a place stands nowhere."""
    try:
        return coordinate_to_tuple(ref)
    except (ValueError, TypeError):
        return (0, 0)


def plain_text(xml: bytes) -> str:
    return re.sub(r"<[^>]*>", "", xml.decode()).lstrip()


def comment(place: Place, text: str, author: int, prefix: str) -> bytes:
    ref = f"{letters(place[1])}{place[0]}"
    head, _, rest = text.partition("\n")
    inside = run(head, prefix, bold=True) + (run(f"\n{rest}", prefix) if rest else b"")
    start = f'<{prefix}comment ref="{ref}" authorId="{author}"><{prefix}text>'.encode()
    return start + inside + f"</{prefix}text></{prefix}comment>".encode()


def run(text: str, prefix: str, *, bold: bool = False) -> bytes:
    font = FONT.format(p=prefix, bold=f"<{prefix}b/>" if bold else "")
    return f'<{prefix}r>{font}<{prefix}t xml:space="preserve">{shown(text)}</{prefix}t></{prefix}r>'.encode()
