"""Where in a workbook that lies which is refused: sheets by their titles, and the files to which links lead."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from urllib.parse import unquote

from workbooks.file.package import UNREADABLE, Damaged, Package, TooMuch, contents

LINKS, OBJECTS = "外部链接", ("嵌入对象", "ActiveX控件")
OTHER_FILE = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?f[\s>][^<]*\[[0-9]+\]")
EMBEDDED = re.compile(rb"oleObject|embeddings|relationships/(?:package|control)|activeX", re.IGNORECASE)
TARGET = re.compile(rb"""Target\s*=\s*["']([^"']+)["'][^>]*TargetMode\s*=\s*["']External""", re.IGNORECASE)
MOST = 5


def whereabouts(data: bytes, kind: str) -> str:
    """In words: on which sheets, to which files; empty when it cannot be told."""
    found: list[str] = []
    with suppress(Damaged, TooMuch, *UNREADABLE):
        found = list(dict.fromkeys(places(Package(data), kind)))
    more = f"等{len(found)}处" if len(found) > MOST else ""
    return "、".join(found[:MOST]) + more


def places(package: Package, kind: str) -> Iterator[str]:
    for sheet in contents(package).sheets:
        folder, name = posixpath.split(sheet.part)
        relations = f"{folder}/_rels/{name}.rels"
        if kind == LINKS and OTHER_FILE.search(package.read(sheet.part)):
            yield f"“{sheet.title}”的公式"
        if kind in OBJECTS and package.has(relations) and EMBEDDED.search(package.read(relations)):
            yield f"“{sheet.title}”"
    if kind == LINKS:
        for part in package.under("xl/externalLinks/_rels/"):
            for target in TARGET.findall(package.read(part)):
                yield f"链接到“{file_name(target)}”"


def file_name(target: bytes) -> str:
    """The last piece of an address, without the folders of somebody's computer."""
    return re.split(r"[/\\]", unquote(unescape(target.decode("utf-8", "replace"))))[-1][:60]
