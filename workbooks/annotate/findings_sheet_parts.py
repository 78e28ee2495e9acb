"""What a workbook has to know of the list of findings: its sheet, its place, its names, its styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import unescape

from rules.dossiers.checks.annotation import LIST_TITLE
from workbooks.annotate.findings_sheet import MADE_BY_US, address
from workbooks.annotate.styles import Wardrobe
from workbooks.file.package import WORKBOOK, Damaged, Listed
from workbooks.file.package_edit import OFFICE, Copy
from workbooks.file.xml_edit import Edits, Node, quoted, read_tree, safe

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
USUAL = "xl/styles.xml"
"""Some programs look for no other name."""
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


def put_styles(copy: Copy, part: str, wardrobe: Wardrobe) -> None:
    if copy.has(part):
        copy.put(part, wardrobe.done())
        return
    name = part or (copy.free("xl/styles%d.xml") if copy.has(USUAL) else USUAL)
    copy.add(name, wardrobe.done(), STYLES_TYPE)
    if not part:
        copy.relate(WORKBOOK, "styles", name)


def earlier_list(copy: Copy, sheets: Sequence[Listed]) -> Listed | None:
    """The list that an earlier copy brought with it; a sheet of a town's own making is none."""
    titled = (one for one in sheets if one.title.startswith(LIST_TITLE))
    # Some programs write every sign beyond ASCII as a reference.
    return next((one for one in titled if MADE_BY_US in unescape(copy.read(one.part).decode())), None)


def put_list(copy: Copy, sheets: Sequence[Listed], xml: bytes, *, earlier: Listed | None, head: int) -> None:
    """The list as the first sheet, or in place of the list of an earlier copy; ``head`` is printed on each page."""
    if earlier is not None:
        copy.put(earlier.part, xml)
        copy.put(WORKBOOK, Catalogue(copy.read(WORKBOOK)).renewed(earlier.title, head))
        return
    taken = {one.title for one in sheets}
    names = (LIST_TITLE, *(f"{LIST_TITLE}({n})" for n in range(2, len(taken) + 3)))
    title = next(name for name in names if name not in taken)
    part = copy.free("xl/worksheets/findings%d.xml")
    copy.add(part, xml, SHEET_TYPE)
    relation = copy.relate(WORKBOOK, "worksheet", part)
    copy.put(WORKBOOK, Catalogue(copy.read(WORKBOOK)).with_first(title, relation, head))


class Catalogue:
    """The workbook's own part: its sheets in order, and names that count them."""

    def __init__(self, xml: bytes) -> None:
        self.root = read_tree(xml, depth=2)
        self.edits = Edits(xml)
        self.xml = xml
        found = self.root.child("sheets")
        if found is None or not found.children:
            raise Damaged("a workbook without sheets")
        self.sheets = found

    def with_first(self, title: str, relation: str, head: int) -> bytes:
        """With one more sheet in front; whatever counts sheets counts one more."""
        told = [one.attributes.get("sheetId", "") for one in self.sheets.children]
        number = max((int(one) for one in told if one.isdecimal()), default=0) + 1
        tag = f'<{self.root.prefix}sheet xmlns:r="{OFFICE}" name="{title}" sheetId="{number}" r:id="{relation}"/>'
        self.edits.put(self.sheets.opened, tag.encode())
        self._look_at_the_same()
        for name in self._names():
            if "localSheetId" in name.attributes:
                self.edits.retag(name, {"localSheetId": one_more(name.attributes, "localSheetId")})
        self._put_name(title, 0, head)
        return self.edits.done()

    def _look_at_the_same(self) -> None:
        """The sheet that was open stays open: with two of them, whatever is typed would go into both."""
        views = [one for held in self.root.all("bookViews") for one in held.children]
        for view in views:
            told = {key: one_more(view.attributes, key) for key in ("firstSheet", "activeTab")}
            self.edits.retag(view, told)
        if not views and self.root.child("bookViews") is None:
            p = self.root.prefix
            new = f'<{p}bookViews><{p}workbookView activeTab="1"/></{p}bookViews>'
            self.edits.put(self.sheets.start, new.encode())

    def renewed(self, title: str, head: int) -> bytes:
        """The same sheets; names that speak of the list's old size are made anew."""
        order = [one.attributes.get("name") for one in self.sheets.children]
        place = order.index(title)
        for name in self._names():
            own = name.attributes.get("localSheetId") == str(place)
            if own and name.attributes.get("name", "").startswith("_xlnm."):
                self.edits.drop(name)
        self._put_name(title, place, head)
        return self.edits.done()

    def _names(self) -> list[Node]:
        held = self.root.child("definedNames")
        return held.children if held else []

    def _put_name(self, title: str, place: int, head: int) -> None:
        """The rows that are printed on top of each page of the list."""
        prefix, held = self.root.prefix, self.root.child("definedNames")
        told: Mapping[str, str] = {"name": "_xlnm.Print_Titles", "localSheetId": str(place)}
        attributes = "".join(f" {key}={quoted(value).decode()}" for key, value in told.items())
        rows = safe(f"{address(title, f'${head}')}:${head}")
        name = f"<{prefix}definedName{attributes}>{rows}</{prefix}definedName>"
        if held is not None:
            self.edits.append(held, name.encode())
            return
        before = [
            one
            for one in self.root.children
            if one.local in ("sheets", "functionGroups", "externalReferences")
        ]
        whole = f"<{prefix}definedNames>{name}</{prefix}definedNames>"
        self.edits.put(max(one.end for one in before), whole.encode())


def one_more(attributes: Mapping[str, str], key: str) -> str:
    told = attributes.get(key, "0")
    return str(int(told) + 1 if told.isdecimal() else 1)
