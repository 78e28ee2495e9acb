"""Styles for what is marked: a cell's own style with another fill, and the few that the list needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbooks.file.quoted_styles import PREFIX
from workbooks.file.xml_edit import Edits, Node, read_tree, tag_with

COLOURS: Mapping[str, str] = {
    "error": "FFFFB3A8",
    "warning": "FFFFCE85",
    "corrected": "FFC5E3B6",
    "trial": "FFD8CCE9",
    "fixed": "FFEDEDED",
}
"""By severity; none of them stands in a template."""
HEAD_COLOUR = "FF1D4F6E"

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NO_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()

ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
    "colors", "extLst",
)  # fmt: skip
"""The children of a style sheet, as they must follow one another."""
FIRST: Mapping[str, tuple[str, ...]] = {
    "fonts": ("<{p}font/>",),
    "fills": (
        '<{p}fill><{p}patternFill patternType="none"/></{p}fill>',
        '<{p}fill><{p}patternFill patternType="gray125"/></{p}fill>',
    ),
    "borders": ("<{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/></{p}border>",),
    "cellXfs": ('<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
}
"""What a list that is missing begins with."""

FONTS: Mapping[str, str] = {
    "title": '<{p}font><{p}b/><{p}sz val="16"/><{p}name val="黑体"/></{p}font>',
    "head": '<{p}font><{p}b/><{p}sz val="11"/><{p}color rgb="FFFFFFFF"/><{p}name val="宋体"/></{p}font>',
    "body": '<{p}font><{p}sz val="11"/><{p}name val="宋体"/></{p}font>',
    "link": '<{p}font><{p}u/><{p}sz val="11"/><{p}color rgb="FF0B5CAD"/><{p}name val="宋体"/></{p}font>',
}
BOX = "".join(
    f'<{{p}}{side} style="thin"><{{p}}color rgb="FFBFC7CF"/></{{p}}{side}>'
    for side in ("left", "right", "top", "bottom")
)
BORDER = f"<{{p}}border>{BOX}<{{p}}diagonal/></{{p}}border>"
FILL = (
    '<{{p}}fill><{{p}}patternFill patternType="solid"><{{p}}fgColor rgb="{}"/><{{p}}bgColor {}/>'
    "</{{p}}patternFill></{{p}}fill>"
)
AS_TEXT = 49
"""The number format @: what is typed over a text stays a text."""


@dataclass
class Wardrobe:
    """The style sheet of one workbook, and what is added to it."""

    xml: bytes = NO_STYLES
    added: dict[str, list[str]] = field(default_factory=dict, init=False)
    marked_as: dict[tuple[int, str], int] = field(default_factory=dict, init=False)
    known: dict[tuple[str, str], int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.root = read_tree(self.xml, depth=4)
        if not self.root.children:
            self.xml = NO_STYLES
            self.root = read_tree(self.xml, depth=4)
        self.styles = list(self._list("cellXfs"))
        self.fills = list(self._list("fills"))

    def _list(self, name: str) -> list[Node]:
        holder = self.root.child(name)
        return holder.children if holder else []

    def _add(self, name: str, pattern: str) -> int:
        """The number of an entry of the list ``name``; equal ones are kept once."""
        entry = pattern.replace("{p}", self.root.prefix)
        if (name, entry) not in self.known:
            more = self.added.setdefault(name, [])
            self.known[name, entry] = (len(self._list(name)) or len(FIRST[name])) + len(more)
            more.append(entry)
        return self.known[name, entry]

    # --- cells -----------------------------------------------------------------------------------------

    def marked(self, style: int, severity: str) -> int:
        """The style that looks like ``style``, but for the colour of ``severity``."""
        if (style, severity) not in self.marked_as:
            fill = self._add("fills", FILL.format(COLOURS[severity], self._ground(style)))
            self.marked_as[style, severity] = self._again(style, fill)
        return self.marked_as[style, severity]

    def _again(self, style: int, fill: int) -> int:
        if not style < len(self.styles):
            return self._add("cellXfs", self._plain(fill))
        return self._like(style, {"fillId": str(fill), "applyFill": "1"})

    def quoted(self, style: int) -> int:
        """The style that looks like ``style``, of the workbook or of ours, for text that begins like a formula."""
        return self._like(style, PREFIX) if style < self._count() else style

    def _count(self) -> int:
        return (len(self.styles) or len(FIRST["cellXfs"])) + len(self.added.get("cellXfs", ()))

    def _like(self, style: int, values: Mapping[str, str]) -> int:
        entry = self._entry(style)
        end = entry.index(b">") + 1
        return self._add("cellXfs", (tag_with(entry[:end], values) + entry[end:]).decode())

    def _entry(self, style: int) -> bytes:
        if style < len(self.styles):
            node = self.styles[style]
            return self.xml[node.start : node.end]
        ours: list[str] = [*(() if self.styles else FIRST["cellXfs"]), *self.added.get("cellXfs", ())]
        return ours[style - len(self.styles)].replace("{p}", self.root.prefix).encode()

    def _plain(self, fill: int) -> str:
        return f'<{{p}}xf numFmtId="0" fontId="0" fillId="{fill}" borderId="0" applyFill="1"/>'

    def _ground(self, style: int) -> str:
        """The colour below a mark, kept where a full fill does not show it: so it can be brought back."""
        fill = self._fill_of(style)
        solid = fill is not None and fill.attributes.get("patternType") == "solid"
        colours = {one.local: one.attributes for one in fill.children} if fill and solid else {}
        before = colours.get("fgColor", {})
        if before.get("rgb") in COLOURS.values():
            before = colours.get("bgColor", {})
        return " ".join(f'{key}="{value}"' for key, value in before.items()) or 'indexed="64"'

    def _fill_of(self, style: int) -> Node | None:
        if not style < len(self.styles):
            return None
        number = self.styles[style].attributes.get("fillId", "0")
        fills = self.fills[int(number)] if number.isdecimal() and int(number) < len(self.fills) else None
        return fills.children[0] if fills and fills.children else None

    def stale(self) -> dict[int, int]:
        """Styles of an earlier copy's marks, each with the one that the cell had before."""
        return {n: self._before(n) for n in range(len(self.styles)) if self._is_mark(n)}

    def _is_mark(self, style: int) -> bool:
        fill = self._fill_of(style)
        return fill is not None and any(
            one.local == "fgColor" and one.attributes.get("rgb") in COLOURS.values() for one in fill.children
        )

    def _before(self, style: int) -> int:
        ground = self._ground(style)
        if ground == 'indexed="64"':
            return self._again(style, 0)
        pattern = FILL.format("", 'indexed="64"').replace('fgColor rgb=""', f"fgColor {ground}")
        return self._again(style, self._add("fills", pattern))

    # --- the list --------------------------------------------------------------------------------------

    def listed(self, font: str, *, colour: str = "", boxed: bool = True, centred: bool = False) -> int:
        """A style of the list of findings."""
        fill = self._add("fills", FILL.format(colour, 'indexed="64"')) if colour else 0
        border = self._add("borders", BORDER) if boxed else 0
        across = 'horizontal="center"' if centred else 'horizontal="left" indent="1"'
        return self._add(
            "cellXfs",
            f'<{{p}}xf numFmtId="{AS_TEXT}" fontId="{self._add("fonts", FONTS[font])}" fillId="{fill}" '
            f'borderId="{border}" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" '
            f'applyAlignment="1"><{{p}}alignment {across} vertical="center" wrapText="1"/></{{p}}xf>',
        )

    # --- as a whole ------------------------------------------------------------------------------------

    def done(self) -> bytes:
        edits = Edits(self.xml)
        for name, entries in self.added.items():
            self._put(edits, name, entries)
        return edits.done()

    def _put(self, edits: Edits, name: str, entries: list[str]) -> None:
        holder, prefix = self.root.child(name), self.root.prefix
        if holder is not None and holder.children:
            count = str(len(holder.children) + len(entries))
            edits.append(holder, "".join(entries).encode(), {"count": count})
            return
        whole = [one.replace("{p}", prefix) for one in FIRST[name]] + entries
        made = f'<{prefix}{name} count="{len(whole)}">{"".join(whole)}</{prefix}{name}>'.encode()
        if holder is not None:
            edits.replace(holder.start, holder.end, made)
            return
        later = ORDER[ORDER.index(name) + 1 :]
        behind = next((one for one in self.root.children if one.local in later), None)
        edits.put(behind.start if behind else self.root.closing, made)
