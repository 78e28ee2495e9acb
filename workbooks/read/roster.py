"""The rows of a roster: people, what closes the list below them, and what stands there otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.campaign.forms import Column
from rules.dossiers.dossier import ODD, ODD_KINDS, Cell, Oddity, RosterRow, Value
from rules.dossiers.prefill import ROW_KEY
from rules.dossiers.roster import HOUSEHOLD
from rules.dossiers.tolerances import TOTALS, folded
from workbooks.read.sheet import Row, Sheet
from workbooks.read.titles import Header, plain

KEY_COLUMNS = ("name", "id_number")
ENOUGH = 3
"""A roster row without name and number still counts as a person's with so many other answers; one that repeats so
many titles is a row of titles."""
NUMBERED = re.compile(r"[0-9Xx*]{15,}")
"""What makes a row somebody's, whatever else it says: a number, or one that is masked."""
CLOSING = re.compile(
    rf"(?:{'|'.join(TOTALS)}).{{0,12}}"
    r"|.{0,6}(?:填表|填报|制表|审核|复核|经办|负责|联系|调查|登记|录入|单位|签字|签名|盖章|日期|电话)[^:]{0,4}:.*"
    r"|(?:备注|说明|填表说明|填写说明|附注|注)(?::.*|[0-9]?)"
    r"|\(?(?:签字|签名|盖章|以下空白|以下无正文|结束|完)\)?"
)
"""What stands below a list and is nobody's name, folded."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a roster's answers stand: columns of names and numbers, of what is asked, the titles by column."""

    keys: Sequence[int]
    asked: Sequence[int]
    titles: Mapping[int, str]
    closing: Sequence[int]
    """The columns in which a word that closes the list is looked for, besides the first that is filled."""
    number: int


def places_of(columns: tuple[Column, ...], where: Mapping[str, int]) -> Places:
    return Places(
        keys=[where[key] for key in KEY_COLUMNS if key in where],
        asked=[where[one.key] for one in columns if one.key in where and one.need != "automatic"],
        titles={where[one.key]: plain(one.title) for one in columns if one.key in where},
        closing=[where[key] for key in (HOUSEHOLD, *KEY_COLUMNS) if key in where],
        number=where.get("id_number", 0),
    )


# --- which row is what ---------------------------------------------------------------------------------


def is_person(row: Row, places: Places) -> bool:
    filled = any(map(row.holds, places.keys)) or sum(map(row.holds, places.asked)) >= ENOUGH
    return filled and not is_closing(row, places) and not is_title(row, places)


def is_closing(row: Row, places: Places) -> bool:
    """Whether a row is a total, a remark or a signature below the list, and names nobody by a number."""
    if NUMBERED.search(text_at(row, places.number)):
        return False
    first = next((column for column in row.places if text_at(row, column)), 0)
    return any(CLOSING.fullmatch(text_at(row, column)) for column in (first, *places.closing))


def is_title(row: Row, places: Places) -> bool:
    """Whether a row repeats the titles, as lists do that were joined or printed."""
    if NUMBERED.search(text_at(row, places.number)):
        return False
    same = (plain(text_at(row, column)) == title for column, title in places.titles.items())
    return sum(same) >= ENOUGH


def text_at(row: Row, column: int) -> str:
    """The folded text of a cell; empty where there is none, or something else than text."""
    place = row.places.get(column)
    value = None if place is None else row.held[place]
    return folded(value) if isinstance(value, str) else ""


def read_roster(sheet: Sheet, columns: tuple[Column, ...], found: Header) -> Iterator[RosterRow]:
    """The rows below the titles that are about a person; totals, remarks and stray cells are not."""
    header_row, where = found
    places = places_of(columns, where)
    for number, row in sheet.rows.items():
        if number > header_row and is_person(row, places):
            yield RosterRow(number, Answers(sheet, row, where))


# --- what else stands there ----------------------------------------------------------------------------


def besides_people(sheet: Sheet, columns: tuple[Column, ...], found: Header) -> Iterator[Oddity]:
    """Rows that are no people, people below what closes the list, and stray cells; each sort as one."""
    header_row, where = found
    places = places_of(columns, where)
    below = {number: row for number, row in sheet.rows.items() if number > header_row}
    others = {number: row for number, row in below.items() if not is_person(row, places)}
    closing = [number for number, row in others.items() if is_closing(row, places)]
    passed = {number for number, row in others.items() if is_title(row, places)}.union(closing)
    after = [number for number in below if number not in others and closing and number > closing[0]]
    if passed:
        yield Oddity("rows_not_read", sheet.title, in_rows(sorted(passed)))
    if after:
        yield Oddity("rows_after_end", sheet.title, in_rows(after), what=f"第{closing[0]}行")
    stray = {number: row for number, row in others.items() if number not in passed}
    refs = tuple(row[column].ref for row in stray.values() for column in strays(row, places, where))
    if refs:
        yield Oddity("stray_cells", sheet.title, refs)


def strays(row: Row, places: Places, where: Mapping[str, int]) -> Iterator[int]:
    """The columns in which a row that is nobody's holds something; what the template fills by itself is nothing."""
    automatic = set(where.values()) - set(places.asked)
    for column in row.places:
        if column == where.get(ROW_KEY) or not row.holds(column):
            continue
        if column not in automatic or (column not in row.formulas and is_word(text_at(row, column))):
            yield column


def is_word(text: str) -> bool:
    return text != "" and not text.isdecimal()


def in_rows(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"第{number}行" for number in numbers)


# --- a row's answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answers(Mapping[str, Cell]):
    """A roster row's cells by column key; a column that the row leaves out gives a blank cell."""

    sheet: Sheet
    row: Row
    places: Mapping[str, int]

    def __getitem__(self, key: str) -> Cell:
        column = self.places[key]
        return self.row[column] if column in self.row.places else self.sheet.cell(self.row.number, column)

    def plain(self, keys: Sequence[str]) -> list[Value]:
        """What stands in some columns, ``ODD`` where a cell has to be asked; no cell is made."""
        row, there, held = self.row, self.row.places.get, self.row.held
        columns = [self.places.get(key, 0) for key in keys]
        at = [there(column) for column in columns]
        values = [None if place is None else held[place] for place in at]
        if not (row.formulas or row.shown) and ODD_KINDS.isdisjoint(row.kinds):
            return values
        for n, (column, place) in enumerate(zip(columns, at, strict=True)):
            if place is not None and (
                column in row.formulas or column in row.shown or row.kinds[place] in ODD_KINDS
            ):
                values[n] = ODD
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)
