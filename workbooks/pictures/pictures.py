"""The pictures that a workbook carries: in cells as WPS keeps them, floating over them, or nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rules.campaign.campaign import Campaign
from rules.campaign.facts import item_key
from rules.dossiers.pictures import Picture
from rules.dossiers.tolerances import folded
from workbooks.file.guard import refuse_unreadable
from workbooks.file.package import UNREADABLE, Damaged, Listed, Package, TooMuch, contents, relations
from workbooks.layout import SCORE_COLUMNS, column_of
from workbooks.pictures.anchors import cell_pictures, floating_pictures, pictures_in_cells
from workbooks.pictures.decode import made_safe
from workbooks.read.sheet_stream import read_sheets
from workbooks.read.titles import form_of, header

MEDIA = "xl/media/"
MOST = 150
"""So many pictures are made to be shown; whatever comes after them is named only."""
MOST_PIXELS = 400_000_000
MOST_SHOWN = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a picture stands, and the part that holds it; empty when the file does not have it."""

    sheet: str
    ref: str
    part: str


def has_pictures(data: bytes) -> bool:
    """Whether a look inside is worth while; tells nothing about files that cannot be read."""
    return refuse_unreadable(data) is None and bool(Package(data).under(MEDIA))


def pictures_of(data: bytes, campaign: Campaign) -> tuple[Picture, ...]:
    """Every picture by sheet and cell, those that stand nowhere last. Same in, same out."""
    try:
        package = Package(data)
        placed = list(places(package))
        rows = indicator_rows(data, campaign)
    except (Damaged, TooMuch, *UNREADABLE):
        return (unread(),)
    return tuple(within_budget(package, placed, rows))


def unread() -> Picture:
    """Stands for all pictures of a file when its reading failed: somebody has to look into the file itself."""
    return Picture(name="", sha256="", size=0, trouble="unread")


def within_budget(
    package: Package, placed: list[Placed], rows: Mapping[tuple[str, int], str]
) -> Iterator[Picture]:
    made: dict[str, Picture] = {}
    for one in placed:
        if one.part not in made:
            made[one.part] = read(package, one.part, spent=list(made.values()))
        where = rows.get((one.sheet, row_of(one.ref)), "")
        yield replace(made[one.part], sheet=one.sheet, ref=one.ref, indicator=where)


def read(package: Package, part: str, *, spent: list[Picture]) -> Picture:
    name = posixpath.basename(part)
    if not part:
        return Picture(name="", sha256="", size=0, trouble="missing")
    pixels = sum(one.width * one.height for one in spent)
    shown = sum(len(one.shown) for one in spent)
    if len(spent) >= MOST or pixels >= MOST_PIXELS or shown >= MOST_SHOWN:
        return Picture(name=name, sha256="", size=0, trouble="too_many")
    try:
        return made_safe(package.read(part), name=name)
    except (Damaged, TooMuch, *UNREADABLE):
        return Picture(name=name, sha256="", size=0, trouble="unread")


def places(package: Package) -> Iterator[Placed]:
    """Sheet by sheet, row by row; a picture that is placed twice is evidence twice."""
    cells = cell_pictures(package)
    seen: set[str] = set()
    for sheet in contents(package).sheets:
        found = {*on_sheet(package, sheet, cells)}
        seen |= {one.part.lower() for one in found}
        yield from sorted(found, key=lambda one: (row_of(one.ref), len(one.ref), one.ref, one.part))
    for part in package.under(MEDIA):
        if part.lower() not in seen:
            yield Placed("", "", part)


def on_sheet(package: Package, sheet: Listed, cells: Mapping[str, str]) -> Iterator[Placed]:
    for ref, name in pictures_in_cells(package, sheet):
        yield Placed(sheet.title, ref, cells.get(name, ""))
    folder, file = posixpath.split(sheet.part)
    related = f"{folder}/_rels/{file}.rels"
    if package.has(related):
        for kind, drawing in relations(package, related, f"/{folder}").values():
            if kind == "drawing" and package.has(drawing):
                for ref, part in floating_pictures(package, drawing):
                    yield Placed(sheet.title, ref, part)


def row_of(ref: str) -> int:
    digits = ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits) if digits else 0


def indicator_rows(data: bytes, campaign: Campaign) -> dict[tuple[str, int], str]:
    """(sheet, row) of annex 1 -> the indicator that stands there."""
    scheme, forms = campaign.scheme, campaign.forms
    indicators = scheme.indicators + scheme.bonus
    keys = {folded(one.id): one.id for one in indicators} | {veto.id: veto.id for veto in scheme.vetoes}
    keys |= {
        folded(item_key(one, number)): one.id for one in indicators for number in range(1, len(one.items) + 1)
    }
    fallback = {"key": column_of(SCORE_COLUMNS, "key")}
    rows: dict[tuple[str, int], str] = {}
    for sheet in read_sheets(data, lambda title: form_of(title, forms) == "scores"):
        _, columns = header(sheet, {title: key for key, title, _ in SCORE_COLUMNS}, fallback=fallback)
        for number in sheet.rows:
            key = folded(sheet.cell(number, columns["key"]).text)
            if key in keys:
                rows[sheet.title, number] = keys[key]
    return rows
