"""One pass over a sheet's XML: rows of values, kinds and formulas, and nothing kept but them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from openpyxl.utils import column_index_from_string

from rules.dossiers.dossier import Value
from workbooks.file.package import MAIN, Attributes, Damaged, Enough, Listed, Package, TooMuch, contents
from workbooks.read.cell_types import BLANK, Meanings, meanings, shown_as, whole
from workbooks.read.sheet import Row, Shared, Sheet

LAST_ROW = 100_001
"""A dossier with more rows is refused."""
LAST_COLUMN = 100
"""Nothing of ours stands beyond; stray cells at the far end of a row are not looked at."""
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384
MAX_EMPTY_ROWS = 10_000
"""After so many rows without a value a sheet is taken to have ended."""
MAX_MERGED = 2_000

ROW, CELL, VALUE, FORMULA, INLINE, TEXT, PHONETIC, COLUMN, MERGED, DEFAULTS = (
    MAIN + name for name in ("row", "c", "v", "f", "is", "t", "rPh", "col", "mergeCell", "sheetFormatPr")
)
HIDDEN = ("1", "true")
RANGE = re.compile("[A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7}")
FLAT = re.compile(r"0*(\.[0-9]*)?|[0-9]*\.?[0-9]+[eE]-[0-9]+")
"""Heights and widths below one: nothing of it shows."""
FOLLOWS = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?(?:v|is|f)[\s>]")
"""What every filled cell has."""


class Reading:
    """Reads one sheet. The handlers run some five times per cell, so they keep to plain attributes."""

    def __init__(self, listed: Listed, meanings: Meanings, *, until: int = EXCEL_ROWS) -> None:
        self.listed, self.meanings, self.shared, self.until = listed, meanings, Shared(), until
        self.rows: dict[int, Row] = {}
        self.odd = meanings.styles.odd
        self.hides_rows = False
        self.merges: list[str] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.number = self.last_filled = self.cut_after = 0
        self.hidden = False
        self.keeps = self.inline = False
        self.formula: str | None = None
        self.pieces: list[str] = []
        self.number_text = ""
        self.clear_row()
        self.clear_cell({})

    def read(self, package: Package) -> Sheet:
        if package.parse(self.listed.part, start=self.start, end=self.end, text=self.text):
            self.cut_after = self.last_filled
        return Sheet(
            self.listed.title,
            self.rows,
            hidden=self.listed.state != "visible",
            hidden_rows=tuple(self.hidden_rows),
            hidden_columns=tuple(self.hidden_columns),
            cut_after=self.cut_after,
            merges=tuple(self.merges),
        )

    # --- what expat calls ------------------------------------------------------------------------------

    def start(self, name: str, attributes: Attributes) -> None:
        if name == CELL:
            self.begin_cell(self.next_column(attributes.get("r")), attributes)
        elif name == TEXT:
            self.keeps = self.inline
        elif name in (VALUE, FORMULA):
            self.refuse_second()
            self.keeps = True
        elif name == INLINE:
            self.inline = self.inlined = self.valued = True
        elif name == PHONETIC:
            self.inline = False
        elif name == ROW:
            self.begin_row(whole(attributes.get("r", str(self.number + 1))))
            self.hidden = attributes.get("hidden") in HIDDEN or is_flat(
                attributes.get("ht"), otherwise=self.hides_rows
            )
        elif name == MERGED:
            self.count_merged(attributes.get("ref", ""))
        elif name == COLUMN and (attributes.get("hidden") in HIDDEN or is_flat(attributes.get("width"))):
            self.hide_columns(attributes)
        elif name == DEFAULTS:
            self.hides_rows = attributes.get("zeroHeight") in HIDDEN

    def text(self, piece: str) -> None:
        if self.keeps:
            self.pieces.append(piece)

    def end(self, name: str) -> None:
        if name == CELL:
            self.end_cell()
        elif name == VALUE:
            self.keeps, self.valued = False, True
        elif name == FORMULA:
            self.keeps, self.formula = False, "=" + "".join(self.pieces)
            self.pieces.clear()
        elif name == TEXT:
            self.keeps = False
        elif name == INLINE:
            self.inline = False
        elif name == PHONETIC:
            self.inline = True
        elif name == ROW:
            self.end_row()

    # --- rows ------------------------------------------------------------------------------------------

    def begin_row(self, number: int) -> None:
        if not self.number < number <= EXCEL_ROWS:
            raise Damaged(f"row {number} after row {self.number}")
        if number > self.until:
            raise Enough
        if number - self.last_filled > MAX_EMPTY_ROWS:
            raise Enough(FOLLOWS)
        self.number, self.number_text = number, str(number)
        self.clear_row()

    def clear_row(self) -> None:
        self.column = 0
        self.columns: list[int] = []
        self.values: list[Value] = []
        self.kinds: list[str] = []
        self.formulas: dict[int, str] = {}
        self.shown: dict[int, str] = {}

    def end_row(self) -> None:
        if not self.columns:
            return
        self.last_filled = self.number
        if self.number > LAST_ROW:
            raise TooMuch("rows", self.listed.title)
        if self.hidden:
            self.hidden_rows.append(self.number)
        self.rows[self.number] = Row(
            self.listed.title,
            self.number,
            self.shared.places(tuple(self.columns)),
            tuple(self.values),
            self.shared.kinds(tuple(self.kinds)),
            self.formulas or NONE,
            self.shown or NONE,
        )

    def hide_columns(self, attributes: Attributes) -> None:
        first, last = whole(attributes.get("min", "1")), whole(attributes.get("max", "1"))
        self.hidden_columns.extend(range(max(1, first), min(last, LAST_COLUMN) + 1))

    def count_merged(self, ref: str) -> None:
        if len(self.merges) >= MAX_MERGED:
            raise TooMuch("merged", self.listed.title)
        if RANGE.fullmatch(ref):
            self.merges.append(ref)

    def refuse_second(self) -> None:
        """A formula and then one value, never more: readers would choose differently."""
        if self.valued:
            raise Damaged(f"two values in column {self.column} of row {self.number}")

    # --- cells -----------------------------------------------------------------------------------------

    def next_column(self, ref: str | None) -> int:
        """Where a cell says it stands; cells without a place follow one another."""
        if ref is None:
            return self.column + 1
        letters = ref.rstrip("0123456789")
        if ref[len(letters) :] != self.number_text:
            raise Damaged(f"cell {ref[:20]!r} in row {self.number}")
        return column_of(letters)

    def begin_cell(self, column: int, attributes: Attributes) -> None:
        if not self.column < column <= EXCEL_COLUMNS:
            raise Damaged(f"column {column} after column {self.column}")
        self.column = column
        self.clear_cell(attributes)

    def clear_cell(self, attributes: Attributes) -> None:
        self.type = attributes.get("t", "n")
        self.style = attributes.get("s", "0")
        self.formula = None
        self.valued = self.inlined = False
        self.pieces.clear()

    def end_cell(self) -> None:
        formula = self.formula
        if (not self.valued and formula is None) or self.column > LAST_COLUMN:
            return
        if self.valued and self.inlined != (self.type == "inlineStr"):
            raise Damaged(f"a value in the wrong place in column {self.column} of row {self.number}")
        style = whole(self.style)
        value, kind = self.meanings.of(self.type, "".join(self.pieces), style) if self.valued else BLANK
        if formula is None and kind == "blank":
            return
        self.columns.append(self.column)
        self.values.append(value)
        self.kinds.append(kind)
        if formula is not None:
            self.formulas[self.column] = formula
        if style in self.odd and kind in ("number", "text") and (shown := shown_as(self.odd[style], value)):
            self.shown[self.column] = shown


NONE: dict[int, str] = {}


def is_flat(size: str | None, *, otherwise: bool = False) -> bool:
    """Whether a height or width leaves nothing to see; without one what the sheet says of all."""
    return otherwise if size is None else FLAT.fullmatch(size) is not None


def read_sheets(data: bytes, wanted: Callable[[str], bool], *, peek: int = 0) -> tuple[Sheet, ...]:
    """The sheets whose title is ``wanted``, each in one pass; formulas with what they last gave. Of the others the
    first ``peek`` rows."""
    package = Package(data)
    found = contents(package)
    meant = meanings(package, found)
    whole = [(listed, EXCEL_ROWS if wanted(listed.title) else peek) for listed in found.sheets]
    return tuple(Reading(listed, meant, until=rows).read(package) for listed, rows in whole if rows)


@cache
def column_of(letters: str) -> int:
    """Raises ``Damaged`` for what is no column of Excel."""
    try:
        return column_index_from_string(letters)
    except ValueError as error:
        raise Damaged(f"no column {letters[:20]!r}") from error
