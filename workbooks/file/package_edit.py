"""A copy in the making: parts of a workbook changed or added, with the relations and types they need."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from workbooks.file.package import Package
from workbooks.file.xml_edit import Edits, as_utf8, quoted, read_tree
from workbooks.file.zip_edit import grafted

TYPES = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


@dataclass
class Copy:
    """Reads a workbook part by part; what is put stands in place of a part, everything else stays."""

    data: bytes
    parts: dict[str, bytes] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.package = Package(self.data)

    def has(self, part: str) -> bool:
        return part in self.parts or self.package.has(part)

    def read(self, part: str) -> bytes:
        """The part as it is now, in UTF-8; raises ``Damaged`` when it is not there."""
        return self.parts[part] if part in self.parts else as_utf8(self.package.read(part))

    def put(self, part: str, content: bytes) -> None:
        self.parts[part] = content

    def done(self) -> bytes:
        return grafted(self.data, {self.package.spelt(part): new for part, new in self.parts.items()})

    # --- what leads where ------------------------------------------------------------------------------

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """By id: the last word of the relation's type, and the part of this file that it leads to."""
        listed, folder = relations_part(part), "/" + posixpath.dirname(part)
        if not self.has(listed):
            return {}
        found = {}
        for child in read_tree(self.read(listed), depth=1).all("Relationship"):
            told = child.attributes
            target = posixpath.normpath(posixpath.join(folder, told.get("Target", ""))).lstrip("/")
            if told.get("TargetMode") != "External" and self.has(target):
                found[told.get("Id", "")] = (told.get("Type", "").rsplit("/", 1)[-1], target)
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let ``part`` lead to ``target``; the relation's id."""
        listed = relations_part(part)
        xml = self.read(listed) if self.has(listed) else NO_RELATIONS
        root = read_tree(xml, depth=1)
        taken = {child.attributes.get("Id") for child in root.children}
        new = next(name for n in range(1, len(taken) + 2) if (name := f"rIdMark{n}") not in taken)
        edits, attributes = Edits(xml), (("Id", new), ("Type", f"{OFFICE}/{kind}"), ("Target", f"/{target}"))
        edits.append(root, element(f"{root.prefix}Relationship", attributes))
        self.put(listed, edits.done())
        return new

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """A new part, of a type that the list of types gets to know."""
        xml = self.read(TYPES)
        root = read_tree(xml, depth=1)
        edits, attributes = Edits(xml), (("PartName", f"/{part}"), ("ContentType", content_type))
        edits.append(root, element(f"{root.prefix}Override", attributes))
        self.put(TYPES, edits.done())
        self.put(part, content)

    def free(self, pattern: str) -> str:
        """The first name of ``pattern`` (with one %d) that no part bears.

        Patterns are unlike what other programs write: a name may be pointed at by what leads nowhere.
        """
        n = 1
        while self.has(pattern % n):
            n += 1
        return pattern % n


def relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def element(name: str, attributes: tuple[tuple[str, str], ...]) -> bytes:
    told = b"".join(b" " + key.encode() + b"=" + quoted(value) for key, value in attributes)
    return b"<" + name.encode() + told + b"/>"
