"""Where in a workbook a formula does more than reckon: cells, rules, names and whatever else holds one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from rules.dossiers.dossier import Oddity
from workbooks.file.formulas import active_formulas, parts_with_formulas
from workbooks.file.package import Package, contents
from workbooks.file.xml_edit import as_utf8

NEAR = 4096
"""So many bytes before a formula its cell or rule has begun."""
CELL = re.compile(rb"""<(?:[^\s:<>/=]+:)?c\s(?:[^<>"']|"[^"]*"|'[^']*')*>""")
CLOSED = re.compile(rb"</(?:[^\s:<>/=]+:)?c\s*>")
PLACED = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3}[0-9]{1,7})["']""")
RANGES = re.compile(rb"""\ssqref\s*=\s*["']([A-Z0-9: ]{1,200})["']""")
NAME = re.compile(rb"""\sname\s*=\s*["']([^"']{1,60})["']""")

Found = tuple[str, str, str, str]
"""The kind of finding, the sheet (or name, or part), where on it, and what reaches out."""


def find_active(data: bytes) -> list[Oddity]:
    """One oddity for each sheet and kind of place, with all places; raises what ``contents`` raises."""
    places: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for code, where, ref, what in each_active(Package(data)):
        places[code, where][ref] = what
    return [
        Oddity(
            code, where, tuple(ref for ref in told if ref), "、".join(sorted(set(told.values()))), len(told)
        )
        for (code, where), told in places.items()
    ]


def each_active(package: Package) -> Iterator[Found]:
    sheets = contents(package).sheets
    titles = {one.part.lower(): one.title for one in sheets}
    for part in parts_with_formulas(package, sheets):
        xml = as_utf8(package.read(part))
        for found, what in active_formulas(xml):
            yield located(xml, found, what, part=part, title=titles.get(part.lower(), ""))


def located(xml: bytes, found: re.Match[bytes], what: str, *, part: str, title: str) -> Found:
    if found["element"] == b"definedName":
        return "active_name", spelt(NAME.search(found["tag"])) or part, "", what
    if not title:
        return "active_elsewhere", part, "", what
    before = xml[max(0, found.start() - NEAR) : found.start()]
    cell = open_cell(before) if found["element"] == b"f" else None
    if cell is None:
        return "active_rule", title, spelt(last(RANGES, before)), what
    return "active_formula", title, spelt(PLACED.search(cell[0])), what


def open_cell(before: bytes) -> re.Match[bytes] | None:
    """The tag of the cell that has not been closed where ``before`` ends."""
    cell = last(CELL, before)
    return None if cell is None or CLOSED.search(before, cell.end()) else cell


def last(pattern: re.Pattern[bytes], before: bytes) -> re.Match[bytes] | None:
    return next(reversed(list(pattern.finditer(before))), None)


def spelt(found: re.Match[bytes] | None) -> str:
    return found[1].decode("utf-8", "replace") if found else ""
