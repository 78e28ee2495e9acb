"""Which sheet is which, where its titles stand, what stands there twice, and what bears a title that nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from rules.campaign.forms import Field, Forms
from rules.campaign.scheme import Scheme
from rules.dossiers.checks.annotation import LIST_TITLE
from rules.dossiers.claims import slots
from rules.dossiers.dossier import Cell, Oddity
from rules.dossiers.tolerances import folded
from workbooks.layout import (
    FIELD_COLUMNS,
    HEADER_ROW,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    SCORE_COLUMNS,
    column_of,
    fields_of,
)
from workbooks.read.sheet import Row, Sheet

OURS = (INSTRUCTIONS_SHEET, LIST_TITLE)
"""Sheets that the template and the annotated copy bring along."""
HEADER_WITHIN = 100
"""The row of column titles is looked for among the first so many rows."""

ALIKE_COLUMNS = 5
"""A sheet with so many of the roster's titles is one, whatever it is called."""

Header = tuple[int, Mapping[str, int]]
"""The row of column titles, and the column of each key."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """One sheet per form; what else looks like one of them; the titles of all."""

    found: Mapping[str, Sheet]
    oddities: tuple[Oddity, ...] = ()
    likely: Mapping[str, str] = field(default_factory=dict)
    """Form to the title of a sheet that looks like it, where none is called so."""


def form_of(title: str, forms: Forms) -> str:
    """The form a sheet title means: the configured title, or one that begins like it (附件2 ...)."""
    if title == IDENTITY_SHEET:
        return IDENTITY_SHEET
    exact = {folded(configured): form for form, configured in forms.sheets}
    numbered = {folded(configured.split()[0]): form for form, configured in forms.sheets}
    return exact.get(folded(title)) or numbered.get(folded(title.strip().split(" ")[0]), "")


def by_form(sheets: tuple[Sheet, ...], forms: Forms, looks_like: Callable[[Sheet], str]) -> Sorted:
    """One sheet per form: the one that bears the configured title, else the first.

    A second one is named, and what is read by nobody. ``looks_like`` tells the form that a sheet looks like.
    """
    titles = {folded(title) for _, title in forms.sheets}
    found: dict[str, Sheet] = {}
    oddities, likely = list[Oddity](), dict[str, str]()
    for sheet in sorted(sheets, key=lambda sheet: folded(sheet.title) not in titles):
        called = form_of(sheet.title, forms)
        if called and called not in found:
            found[called] = sheet
            continue
        looks = looks_like(sheet)
        if looks in found:
            found[looks], twice = one_of_two(found[looks], sheet, forms)
            oddities.append(twice)
        elif looks:
            likely[looks] = sheet.title
        elif sheet.title not in OURS and sheet.rows:
            oddities.append(Oddity("sheet_unread", sheet.title))
    unnamed = {form: title for form, title in likely.items() if form not in found}
    return Sorted(found, tuple(oddities), unnamed)


def one_of_two(first: Sheet, second: Sheet, forms: Forms) -> tuple[Sheet, Oddity]:
    """Which of two sheets of one kind is read, and what is told: an empty roster beside a full one is no rival."""
    if is_unused(second, forms):
        return first, Oddity("sheet_unused", second.title, what=first.title)
    if is_unused(first, forms) and second.whole:
        return second, Oddity("sheet_unused", first.title, what=second.title)
    return first, Oddity("second_sheet", first.title, what=second.title)


def is_unused(sheet: Sheet, forms: Forms) -> bool:
    """Whether a sheet is a roster that was read to its end and in which nobody filled in anything."""
    row, columns = header(sheet, {one.title: one.key for one in forms.roster})
    asked = [columns[one.key] for one in forms.roster if one.key in columns and one.need != "automatic"]
    empty = not any(holds_below(sheet, row, column) for column in asked)
    return sheet.whole and len(columns) >= ALIKE_COLUMNS and empty


# --- where things stand --------------------------------------------------------------------------------


def plain_title(cell: Cell) -> str:
    return plain(cell.text)


def plain(title: str) -> str:
    return folded(title).strip("*:")


def header(sheet: Sheet, titles: Mapping[str, str], *, fallback: Mapping[str, int] | None = None) -> Header:
    """The row with most of the ``titles`` (title to key) and where their columns stand."""
    keys = {plain(title): key for title, key in titles.items()}
    best: Header = (HEADER_ROW, fallback or {})
    most = 0
    for number in range(1, HEADER_WITHIN + 1):
        columns = columns_in(sheet.rows.get(number, {}), keys)
        if len(columns) > most:
            best, most = (number, {**(fallback or {}), **columns}), len(columns)
        if 2 * most > len(keys):
            break  # no two rows hold most of the titles
    return best


def columns_in(row: Mapping[int, Cell], keys: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, cell in row.items():
        key = keys.get(plain_title(cell))
        if key is not None:
            columns.setdefault(key, column)
    return columns


def questions(sheet: Sheet, fields: tuple[Field, ...]) -> Iterator[tuple[str, Row]]:
    """Every row that bears the title of a field, with the field's key."""
    keys = {plain(field.title): field.key for field in fields}
    for row in sheet.rows.values():
        asked = next((keys[title] for cell in row.values() if (title := plain_title(cell)) in keys), None)
        if asked is not None:
            yield asked, row


def field_header(sheet: Sheet) -> Header:
    """The titles of annex 3 or 4, which stand where the template put them unless they were moved."""
    fallback = {key: column_of(FIELD_COLUMNS, key) for key in ("title", "value")}
    return header(sheet, {title: key for key, title, _ in FIELD_COLUMNS}, fallback=fallback)


def score_header(sheet: Sheet) -> Header:
    fallback = {key: column_of(SCORE_COLUMNS, key) for key in ("key", "value", "score")}
    return header(sheet, {title: key for key, title, _ in SCORE_COLUMNS}, fallback=fallback)


# --- what stands there twice ---------------------------------------------------------------------------


def doubles(found: Mapping[str, Sheet], forms: Forms, scheme: Scheme) -> Iterator[Oddity]:
    """Columns and rows that bear one title twice and both hold something."""
    if "roster" in found:
        sheet = found["roster"]
        titles = {plain(one.title): one.title for one in forms.roster}
        yield from doubled_columns(
            sheet, header(sheet, {one.title: one.key for one in forms.roster})[0], titles
        )
    for form in ("survey", "recommendation"):
        if form in found:
            sheet = found[form]
            row, columns = field_header(sheet)
            yield from doubled_columns(sheet, row, {plain(title): title for _, title, _ in FIELD_COLUMNS})
            titles = {one.key: one.title for one in fields_of(forms, form)}
            rows = [(titles[key], asked.number) for key, asked in questions(sheet, fields_of(forms, form))]
            yield from doubled_rows(sheet, rows, columns["value"])
    if "scores" in found:
        sheet = found["scores"]
        row, columns = score_header(sheet)
        yield from doubled_columns(sheet, row, {plain(title): title for _, title, _ in SCORE_COLUMNS})
        keys = {folded(slot.key): slot.key for slot in slots(scheme)}
        told = ((folded(sheet.cell(number, columns["key"]).text), number) for number in sheet.rows)
        rows = [(keys[key], number) for key, number in told if key in keys]
        yield from doubled_rows(sheet, rows, columns["value"])


def doubled_columns(sheet: Sheet, row: int, titles: Mapping[str, str]) -> Iterator[Oddity]:
    standing: dict[str, list[int]] = {}
    for column, cell in sheet.rows.get(row, {}).items():
        if (title := plain_title(cell)) in titles:
            standing.setdefault(title, []).append(column)
    for title, columns in standing.items():
        filled = [column for column in columns[1:] if holds_below(sheet, row, column)]
        if filled:
            refs = tuple(sheet.cell(row, column).ref for column in (columns[0], *filled))
            yield Oddity("second_place", sheet.title, refs, titles[title])


def holds_below(sheet: Sheet, row: int, column: int) -> bool:
    return any(number > row and one.holds(column) for number, one in sheet.rows.items())


def doubled_rows(sheet: Sheet, rows: list[tuple[str, int]], value: int) -> Iterator[Oddity]:
    standing: dict[str, list[int]] = {}
    for title, number in rows:
        standing.setdefault(title, []).append(number)
    for title, numbers in standing.items():
        filled = [
            number for number in numbers[1:] if number in sheet.rows and sheet.rows[number].holds(value)
        ]
        if filled:
            refs = tuple(sheet.cell(number, value).ref for number in (numbers[0], *filled))
            yield Oddity("second_place", sheet.title, refs, title)


# --- what bears a title that nobody knows ----------------------------------------------------------------


def strangers(found: Mapping[str, Sheet], forms: Forms, columns: Header) -> dict[str, tuple[Cell, ...]]:
    """By form: titles in the roster's row of titles, and questions of annexes 3 and 4, that are none of ours."""
    told: dict[str, tuple[Cell, ...]] = {}
    if "roster" in found:
        known = set(columns[1].values())
        row: Mapping[int, Cell] = found["roster"].rows.get(columns[0], {})
        told["roster"] = tuple(cell for column, cell in row.items() if column not in known and cell.text)
    for form in ("survey", "recommendation"):
        if form in found:
            sheet, keys = found[form], {plain(one.title) for one in fields_of(forms, form)}
            row_of_titles, at = field_header(sheet)
            asked = (sheet.cell(n, at["title"]) for n in sheet.rows if n > row_of_titles)
            told[form] = tuple(cell for cell in asked if cell.text and plain_title(cell) not in keys)
    return told


def headings(found: Mapping[str, Sheet], rows: Mapping[str, int]) -> tuple[Cell, ...]:
    """What stands above the titles of each annex, where it says whose it is."""
    return tuple(
        cell
        for form, last in rows.items()
        for number, row in found[form].rows.items()
        if number < last
        for cell in row.values()
        if isinstance(cell.value, str)
    )
