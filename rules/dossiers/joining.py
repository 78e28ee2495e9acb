"""Rows of a prefilled roster: their masked ID numbers are joined again with last year's, by the hidden row key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from rules.dossiers.dossier import Cell, Dossier, RosterRow
from rules.dossiers.id_numbers import mask

ROW_KEY = "row_key"
"""The key of the hidden roster column of row keys; it is in no campaign's forms."""
NAME = "name"
STAR = "*"
TAG_DIGITS = 8


def place_of(upload_id: int, row: int) -> str:
    """Where a number stands: whose upload, which row of its roster."""
    return f"{upload_id}.{row}"


def row_key(place: str, name: str) -> str:
    """What the hidden column of a prefilled row says; it fits only this person's name, so that a key that
    slipped to another row, as by sorting some of the columns, is noticed."""
    return f"{place}.{hashlib.sha256(f'{place} {name}'.encode()).hexdigest()[:TAG_DIGITS]}"


def is_masked(cell: Cell | None) -> bool:
    """Whether a cell holds, or held before somebody changed it, a masked number."""
    return cell is not None and cell.text.count(STAR) > 1


def masked_rows(dossier: Dossier, column: str) -> list[RosterRow]:
    return [row for row in dossier.roster if is_masked(row.cells.get(column))]


def places_asked(masked: Iterable[RosterRow]) -> tuple[str, ...]:
    """Where the numbers stand that masked rows ask for."""
    keys = (text_of(row, ROW_KEY) for row in masked)
    return tuple(key.rpartition(".")[0] for key in keys if key.count(".") > 1)


def joined(dossier: Dossier, column: str, numbers: Mapping[str, str]) -> Dossier:
    """The dossier with ``numbers`` (place to number) in place of their masks; ``unjoined`` says where not and why."""
    masked = masked_rows(dossier, column)
    why = {row.number: why_not(row, column, numbers) for row in masked}
    right = {row.number: with_number(row, column, numbers) for row in masked if not why[row.number]}
    return replace(
        dossier,
        roster=tuple(right.get(row.number, row) for row in dossier.roster),
        unjoined={number: code for number, code in why.items() if code},
    )


def why_not(row: RosterRow, column: str, numbers: Mapping[str, str]) -> str:
    """The code of the finding when a masked number cannot be joined; empty when it can."""
    key = text_of(row, ROW_KEY)
    place = key.rpartition(".")[0]
    if not key:
        return "id_masked_alone"
    if place not in numbers:
        return "id_masked_unknown"
    if text_of(row, column) != mask(numbers[place]):
        return "id_masked_changed"
    return "" if row_key(place, text_of(row, NAME)) == key else "id_masked_renamed"


def text_of(row: RosterRow, key: str) -> str:
    return row.cells[key].text if key in row.cells else ""


def with_number(row: RosterRow, column: str, numbers: Mapping[str, str]) -> RosterRow:
    number = numbers[text_of(row, ROW_KEY).rpartition(".")[0]]
    cell = replace(row.cells[column], value=number, kind="text", formula="")
    return RosterRow(row.number, {**row.cells, column: cell})
