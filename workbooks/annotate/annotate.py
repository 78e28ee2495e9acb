"""The annotated copy: a town's own file with its findings on the cells and a list of them, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rules.dossiers.checks.annotation import MOST_COMMENTS, SINCE, TITLES, Annotation, Remark
from rules.dossiers.checks.findings import PLACE
from rules.dossiers.checks.kinds import SEVERITIES
from rules.dossiers.checks.progress import FIXED
from rules.dossiers.tolerances import folded
from workbooks.annotate.comments import add_comments
from workbooks.annotate.findings_sheet import address, header_row, list_sheet
from workbooks.annotate.findings_sheet_parts import earlier_list, put_list, put_styles
from workbooks.annotate.live_text import live_strings, quote_live
from workbooks.annotate.marks import Outline, Place, with_marks
from workbooks.annotate.styles import Wardrobe
from workbooks.file.formulas import parts_with_formulas, put_out_of_work
from workbooks.file.package import UNREADABLE, Contents, Damaged, Listed, TooMuch, contents
from workbooks.file.package_edit import Copy
from workbooks.file.xml_edit import as_utf8
from workbooks.read.sheet import letters
from workbooks.read.sheet_stream import EXCEL_COLUMNS, EXCEL_ROWS, column_of

WHOLE_SHEET: Place = (1, 1)


def annotate_or_nothing(data: bytes, told: Annotation) -> bytes:
    """For the reading process: empty for a file that cannot be annotated."""
    try:
        return annotate(data, told)
    except (Damaged, TooMuch, *UNREADABLE):
        return b""


def annotate(data: bytes, told: Annotation) -> bytes:
    """``data`` with every remark on its cells and in the sheet 问题清单; formulas that do more than reckon are
    put out of work, all other entries of the zip stay as they are.

    Raises ``Damaged``, ``TooMuch`` or one of ``UNREADABLE`` for a file that is none.
    """
    copy = Copy(data)
    found = contents(copy.package)
    earlier = earlier_list(copy, found.sheets)
    sheets = [one for one in found.sheets if one != earlier]
    wardrobe = Wardrobe(copy.read(found.styles)) if copy.has(found.styles) else Wardrobe()
    marks = gathered(told.remarks, sheets)
    stale = bool(wardrobe.stale())
    disarm(copy, found.sheets)
    for listed in sheets:
        if listed.title in marks or stale:
            mark_sheet(copy, listed.part, marks.get(listed.title, Marks()), wardrobe)
    quote_sheets(copy, found, sheets, wardrobe)
    targets = [target_of(remark, sheets) for remark in told.remarks]
    put_list(copy, found.sheets, list_sheet(told, targets, wardrobe), earlier=earlier, head=header_row(told))
    put_styles(copy, found.styles, wardrobe)
    return copy.done()


def disarm(copy: Copy, sheets: Sequence[Listed]) -> None:
    """Put every formula that does more than reckon out of work, in whatever part it stands."""
    for part in parts_with_formulas(copy.package, sheets):
        before = as_utf8(copy.package.read(part))
        harmless = put_out_of_work(before)
        if harmless != before:
            copy.put(part, harmless)


def quote_sheets(copy: Copy, found: Contents, sheets: Sequence[Listed], wardrobe: Wardrobe) -> None:
    """Let text that begins like a formula stay text when somebody edits its cell."""
    live = live_strings(copy.package, found.strings)
    for listed in sheets:
        before = copy.read(listed.part)
        quoted = quote_live(before, live, wardrobe)
        if quoted != before:
            copy.put(listed.part, quoted)


# --- which cells -----------------------------------------------------------------------------------------


@dataclass
class Marks:
    """What is to be put on one sheet: per cell the remarks by their numbers in the list."""

    cells: dict[Place, list[tuple[int, Remark]]] = field(default_factory=dict)
    whole: list[tuple[int, Remark]] = field(default_factory=list)


def gathered(remarks: Sequence[Remark], sheets: Sequence[Listed]) -> dict[str, Marks]:
    marks: dict[str, Marks] = {}
    for number, remark in enumerate(remarks, 1):
        listed = sheet_of(remark.sheet, sheets) if remark.since != FIXED else None
        if listed is None:
            continue
        mine = marks.setdefault(listed.title, Marks())
        places = [place for ref in remark.cells if (place := place_of(ref))]
        for place in places:
            mine.cells.setdefault(place, []).append((number, remark))
        if not places:
            mine.whole.append((number, remark))
    return marks


def sheet_of(title: str, sheets: Sequence[Listed]) -> Listed | None:
    """The sheet that a finding means: of that title, or of one that begins like it (附件2 ...)."""
    for alike in (str, folded, lambda text: folded(text.strip().split(" ")[0]) if text.strip() else ""):
        for listed in sheets:
            if title and alike(listed.title) == alike(title):
                return listed
    return None


def place_of(ref: str) -> Place | None:
    """A cell, or the first cell of a row; None for anything else."""
    found = PLACE.fullmatch(ref)
    row = int(found[2]) if found else row_of(ref)
    column = column_of(found[1]) if found else 1
    return (row, column) if 1 <= row <= EXCEL_ROWS and column <= EXCEL_COLUMNS else None


def row_of(ref: str) -> int:
    digits = ref.removeprefix("第").removesuffix("行")
    return int(digits) if digits != ref and digits.isdecimal() and len(digits) < 8 else 0


def target_of(remark: Remark, sheets: Sequence[Listed]) -> str:
    """Where the remark's line leads: only to a sheet that can be seen."""
    listed = sheet_of(remark.sheet, sheets)
    if listed is None or listed.state != "visible":
        return ""
    row, column = place_of(remark.ref) or WHOLE_SHEET
    return address(listed.title, f"{letters(column)}{row}")


# --- one sheet -------------------------------------------------------------------------------------------


def mark_sheet(copy: Copy, part: str, marks: Marks, wardrobe: Wardrobe) -> None:
    outline = Outline(copy.read(part))
    seen: dict[Place, list[tuple[int, Remark]]] = {}
    for place, told in marks.cells.items():
        seen.setdefault(outline.seen_at(place), []).extend(told)
    colours = {place: gravest(told) for place, told in seen.items()}
    if marks.whole:
        seen.setdefault(outline.seen_at(WHOLE_SHEET), []).extend(marks.whole)
    first = sorted(seen, key=lambda place: min(number for number, _ in seen[place]))[:MOST_COMMENTS]
    texts = {place: comment_text(seen[place]) for place in first}
    legacy = comment_on(copy, part, outline, texts)
    marked = with_marks(outline, colours, wardrobe, legacy=legacy)
    if marked != outline.xml:
        copy.put(part, marked)


def comment_on(copy: Copy, part: str, outline: Outline, texts: Mapping[Place, str]) -> str:
    """``add_comments``, which a sheet goes without when its own comments are broken."""
    before = dict(copy.parts)
    try:
        return add_comments(copy, part, outline, texts)
    except Damaged:
        copy.parts = before
        return ""


def gravest(told: Sequence[tuple[int, Remark]]) -> str:
    return min((remark.severity for _, remark in told), key=list(SEVERITIES).index)


def comment_text(told: Sequence[tuple[int, Remark]]) -> str:
    """What a comment says: each remark with its number in the list, its weight, and what to do."""
    return "\n".join(lines_of(sorted(told, key=lambda one: one[0])))


def lines_of(told: Sequence[tuple[int, Remark]]) -> Iterator[str]:
    for number, remark in told:
        since = f"，{SINCE[remark.since]}" if remark.since else ""
        yield f"问题{number}（{TITLES[remark.severity]}{since}）"
        yield remark.wrong
        if remark.remedy:
            yield f"→ {remark.remedy}"
