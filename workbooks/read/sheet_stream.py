"""One pass over a sheet's XML: rows of values, kinds and formulas, and nothing kept but them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from rules.dossiers.dossier import Value
from workbooks.file.package import (
    MAIN,
    Attributes,
    Damaged,
    Enough,
    Listed,
    Package,
    TooMuch,
    contents,
    parser_for,
)
from workbooks.read.cell_types import BLANK, Meaning, Meanings, meanings, shown_as, whole
from workbooks.read.plain_rows import (
    COLUMNS,
    MOST,
    PIECES,
    Pieces,
    attributes_of,
    parted,
    plain_rows,
    plain_text,
)
from workbooks.read.sheet import Row, Shared, Sheet

MOST_KNOWN = 20_000
"""So many different values are kept for the next cell that holds the same."""
LAST_ROW = 100_001
"""A dossier with more rows is refused."""
LAST_COLUMN = 100
"""Nothing of ours stands beyond; stray cells at the far end of a row are not looked at."""
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384
MAX_EMPTY_ROWS = 10_000
"""After so many rows without a value a sheet is taken to have ended."""
MAX_MERGED = 2_000

ROW, CELL, VALUE, FORMULA, INLINE, TEXT, PHONETIC, COLUMN, MERGED, DEFAULTS, DATA = (
    MAIN + name
    for name in ("row", "c", "v", "f", "is", "t", "rPh", "col", "mergeCell", "sheetFormatPr", "sheetData")
)
HIDDEN = ("1", "true")
RANGE = re.compile("[A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7}")
FLAT = re.compile(r"0*(\.[0-9]*)?|[0-9]*\.?[0-9]+[eE]-[0-9]+")
"""Heights and widths below one: nothing of it shows."""
FOLLOWS = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?(?:v|is|f)[\s>]")
"""What every filled cell has."""


class Reading:
    """Reads one sheet. The handlers run some five times per cell, so they keep to plain attributes."""

    def __init__(
        self, listed: Listed, meanings: Meanings, *, until: int = EXCEL_ROWS, plainly: bool = True
    ) -> None:
        self.plainly, self.head = plainly, b""
        self.listed, self.meanings, self.shared, self.until = listed, meanings, Shared(), until
        self.rows: dict[int, Row] = {}
        self.odd = meanings.styles.odd
        self.odd_styles = {str(style).encode() for style in self.odd}
        self.hides_rows = self.in_data = False
        self.whole = True
        self.known: dict[tuple[bytes, bytes, bytes], Meaning] = {}
        self.numbers: dict[bytes, int] = {}
        self.orders: set[tuple[bytes, ...]] = set()
        self.heights: dict[bytes, bool] = {}
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
        if not self.plainly or not self.read_plainly(package):
            self.__init__(self.listed, self.meanings, until=self.until)  # type: ignore[misc]
            if package.parse(self.listed.part, start=self.start, end=self.end, text=self.text):
                self.cut_after = self.last_filled
        return Sheet(
            self.listed.title,
            self.rows,
            hidden=self.listed.state != "visible",
            hidden_rows=tuple(self.hidden_rows),
            hidden_columns=tuple(self.hidden_columns),
            cut_after=self.cut_after,
            whole=self.whole,
            merges=tuple(self.merges),
        )

    # --- rows as every common program writes them ------------------------------------------------------

    def read_plainly(self, package: Package) -> bool:
        """Whether the sheet could be read a row at a time; what of it has been read must be forgotten if not."""
        if package.size(self.listed.part) > MOST:
            return False
        xml = package.read(self.listed.part)
        parts = parted(xml)
        try:
            if parts is not None:
                parser = parser_for(self.start, self.end, self.text)
                parser.Parse(parts[0], True)
                self.head = parts[0]
                self.read_rows(parts[1])
                return self.in_data
        except (ValueError, expat.ExpatError):
            pass
        package.inflated -= len(xml)
        return False

    def read_rows(self, rows: bytes) -> None:
        for found, cells in plain_rows(rows):
            try:
                self.begin_row(int(found[1]))
            except Enough as enough:
                if enough.sought and enough.sought.search(rows, found.start()):
                    self.cut_after = self.last_filled
                return
            self.hidden = self.hides(found[2])
            if cells:
                self.check_order(tuple(COLUMNS.findall(cells)))
                for piece in PIECES.findall(cells):
                    self.take(piece)
            self.end_row()

    def hides(self, told: bytes) -> bool:
        if told not in self.heights:
            self.heights[told] = self.is_hidden(attributes_of(told, self.head))
        return self.heights[told]

    def check_order(self, columns: tuple[bytes, ...]) -> None:
        """Columns of a row, each behind the one before; of equal rows one is looked at."""
        if columns in self.orders:
            return
        numbers = [column_of(column.decode()) for column in columns]
        if any(one >= next_ for one, next_ in pairwise(numbers)) or max(numbers) > EXCEL_COLUMNS:
            raise Damaged(f"columns out of order in row {self.number}")
        self.orders.add(columns)

    def take(self, piece: Pieces) -> None:
        """One cell that is not empty, as ``end_cell`` takes it."""
        letters, style, type_, formula, tag, text = piece
        column = self.numbers.get(letters) or self.numbers.setdefault(letters, column_of(letters.decode()))
        if (not tag and not formula) or column > LAST_COLUMN:
            return
        if tag:
            known = self.known.get((type_, style, text))
            if known is None or tag.startswith(b"<is>") != (type_ == b"inlineStr"):
                known = self.mean(piece)
            value, kind = known
        else:
            value, kind = BLANK
        if kind == "blank" and not formula:
            return
        self.columns.append(column)
        self.values.append(value)
        self.kinds.append(kind)
        if formula:
            self.formulas[column] = "=" + plain_text(formula[formula.index(b">") + 1 :])
        if style in self.odd_styles and (shown := self.showing(int(style), value, kind)):
            self.shown[column] = shown

    def mean(self, piece: Pieces) -> Meaning:
        _, style, type_, _, tag, text = piece
        if tag.startswith(b"<is>") != (type_ == b"inlineStr"):
            raise Damaged(f"a value in the wrong place in row {self.number}")
        meaning = self.meanings.of(type_.decode() or "n", plain_text(text), int(style or b"0"))
        if len(self.known) < MOST_KNOWN:
            self.known[type_, style, text] = meaning
        return meaning

    def showing(self, style: int, value: Value, kind: str) -> str:
        return shown_as(self.odd[style], value) if style in self.odd and kind in ("number", "text") else ""

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
            self.hidden = self.is_hidden(attributes)
        elif name == MERGED:
            self.count_merged(attributes.get("ref", ""))
        elif name == COLUMN and (attributes.get("hidden") in HIDDEN or is_flat(attributes.get("width"))):
            self.hide_columns(attributes)
        elif name == DATA:
            self.in_data = True
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
            self.whole = False
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

    def is_hidden(self, attributes: Attributes) -> bool:
        return attributes.get("hidden") in HIDDEN or is_flat(attributes.get("ht"), otherwise=self.hides_rows)

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
        if shown := self.showing(style, value, kind):
            self.shown[self.column] = shown


NONE: dict[int, str] = {}


def is_flat(size: str | None, *, otherwise: bool = False) -> bool:
    """Whether a height or width leaves nothing to see; without one what the sheet says of all."""
    return otherwise if size is None else FLAT.fullmatch(size) is not None


def read_sheets(
    data: bytes, wanted: Callable[[str], bool], *, peek: int = 0, plainly: bool = True
) -> tuple[Sheet, ...]:
    """The sheets whose title is ``wanted``, each in one pass; formulas with what they last gave. Of the others the
    first ``peek`` rows. Not ``plainly``: all by expat."""
    package = Package(data)
    found = contents(package)
    meant = meanings(package, found)
    whole = [(listed, EXCEL_ROWS if wanted(listed.title) else peek) for listed in found.sheets]
    return tuple(
        Reading(listed, meant, until=rows, plainly=plainly).read(package) for listed, rows in whole if rows
    )


@cache
def column_of(letters: str) -> int:
    """Raises ``Damaged`` for what is no column of Excel."""
    try:
        return column_index_from_string(letters)
    except ValueError as error:
        raise Damaged(f"no column {letters[:20]!r}") from error
