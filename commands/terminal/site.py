"""What the documents become before they are built into a site: pages that link to one another inside it."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

HOME = "docs/README.md"
"""The page that names all others by reader."""
BESIDE = "project"
"""Where the site keeps what lies outside ``docs/`` and is linked from there."""
LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)")
FIRST = re.compile(r"^\| \[([^]]+)\]\(([^)#]+\.md)", re.MULTILINE)
"""A page in the first column of a table."""

Readers = list[dict[str, list[dict[str, str]]]]
"""Reader -> title -> page, in the order of the first page."""


def lay_out(root: Path, pages: Path) -> Readers:
    """Copy ``docs/`` of ``root`` and whatever it links to into ``pages``; the readers with what each should read.

    A link to nothing stays as it stands: the builder says of it what there is to say.
    """
    waiting = [
        file.relative_to(root).as_posix() for file in sorted((root / "docs").rglob("*")) if file.is_file()
    ]
    laid: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in laid:
            laid.add(path)
            waiting += _lay(root, path, pages)
    home = (root / HOME).read_text(encoding="utf-8")
    return [{reader: [{title: page} for title, page in named]} for reader, named in _readers(home)]


def _lay(root: Path, path: str, pages: Path) -> list[str]:
    """Write one file to its place; what it links to."""
    place = pages / _place(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    if not path.endswith(".md"):
        shutil.copy(root / path, place)
        return []
    linked: list[str] = []

    def moved(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link[1]))
        if (root / target).is_dir():
            target += "/README.md"
        if not (root / target).is_file():
            return link[1]
        linked.append(target)
        return posixpath.relpath(_place(target), posixpath.dirname(_place(path)))

    text = (root / path).read_text(encoding="utf-8")
    place.write_text(LINK.sub(moved, text), encoding="utf-8")
    return linked


def _place(path: str) -> str:
    """Where the site keeps a file of the repository."""
    return path.removeprefix("docs/") if path.startswith("docs/") else f"{BESIDE}/{path}"


def _readers(home: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each reader and the pages in the first column of the table below."""
    for section in home.split("\n## ")[1:]:
        reader, _, table = section.partition("\n")
        yield (
            reader,
            [(title, _place(posixpath.normpath(f"docs/{link}"))) for title, link in FIRST.findall(table)],
        )
