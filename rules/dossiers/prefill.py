"""This year's roster from last year's: what may be carried over, masked, and what follows from the number anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.campaign.campaign import Campaign
from rules.campaign.forms import Column
from rules.dossiers.cell_values import folded_choices
from rules.dossiers.checks.cells import DERIVED
from rules.dossiers.dossier import ODD, Cell, Dossier, RosterRow, Value
from rules.dossiers.id_numbers import mask
from rules.dossiers.roster import table_of
from rules.dossiers.tolerances import BETWEEN, folded, folded_name

NEW_EACH_YEAR = ("surveyed_on", "surveyor")
"""Columns that this year's survey fills: last year's answers would say that it had been made."""
COUNTED = "seq"
ROW_KEY = "row_key"
"""The key of the hidden roster column of row keys; it is in no campaign's forms."""
NAME = "name"
STAR, WIDE_STAR = "*", "＊"
TAG_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Earlier:
    """One person of an earlier accepted roster: where the number stands, the number, the answers by column."""

    place: str
    number: str
    answers: Mapping[str, Value]


def prefilled_rows(campaign: Campaign, people: Iterable[Earlier]) -> list[Mapping[str, Value]]:
    """Rows for the template: ID numbers masked, sex and age on this campaign's survey day."""
    return [row_of(campaign, one, number) for number, one in enumerate(people, 1)]


def row_of(campaign: Campaign, person: Earlier, number: int) -> dict[str, Value]:
    columns = campaign.forms.roster
    row = {column.key: answer_for(campaign, column, person, number) for column in columns}
    row[ROW_KEY] = row_key(person.place, str(row.get(NAME) or "").strip())
    return {key: value for key, value in row.items() if value is not None}


def answer_for(campaign: Campaign, column: Column, person: Earlier, number: int) -> Value:
    if column.kind == "id_number":
        return mask(person.number)
    if column.key == COUNTED:
        return number
    if column.key in DERIVED:
        derived = DERIVED[column.key](person.number, campaign.survey_day)
        return int(derived) if column.kind == "integer" else derived
    if column.need == "automatic" or column.key in NEW_EACH_YEAR:
        return None
    answer = person.answers.get(column.key)
    return answer if fits(column, answer) else None


def fits(column: Column, answer: Value) -> bool:
    """Whether this year's form would take the answer: choices change from year to year."""
    if column.kind not in ("choice", "choices") or answer is None:
        return True
    given: Sequence[str] = [str(answer)]
    if column.kind == "choices":
        given = [one for one in BETWEEN.split(folded(str(answer))) if one]
    return {folded(one) for one in given} <= folded_choices(column.choices)


def place_of(upload_id: int, row: int) -> str:
    """Where a number stands: whose upload, which row of its roster."""
    return f"{upload_id}.{row}"


def row_key(place: str, name: str) -> str:
    """What the hidden column of a prefilled row says; it fits only this person's name, however it is spaced, so
    that a key that slipped to another row, as by sorting some of the columns, is noticed."""
    return f"{place}.{tag(place, folded_name(name))}"


def tag(place: str, name: str) -> str:
    return hashlib.sha256(f"{place} {name}".encode()).hexdigest()[:TAG_DIGITS]


def is_masked(cell: Cell | None) -> bool:
    """Whether a cell holds, or held before somebody changed it, a masked number."""
    return cell is not None and folded(cell.text).count(STAR) > 1


def masked_rows(dossier: Dossier, column: str) -> list[RosterRow]:
    typed = table_of(dossier.roster, [column])[column]
    return [
        row
        for row, value in zip(dossier.roster, typed, strict=True)
        if may_be_masked(value) and is_masked(row.cells.get(column))
    ]


def may_be_masked(value: Value) -> bool:
    """Whether it is worth making the cell."""
    return isinstance(value, str) and (value == ODD or STAR in value or WIDE_STAR in value)


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
    if folded(text_of(row, column)) != mask(numbers[place]):
        return "id_masked_changed"
    return "" if fits_name(key, text_of(row, NAME)) else "id_masked_renamed"


def fits_name(key: str, name: str) -> bool:
    """Whether a row key was made for this name."""
    place = key.rpartition(".")[0]
    # Templates that went out before names were tidied bear the name as it was written.
    return key in (row_key(place, name), f"{place}.{tag(place, name)}")


def text_of(row: RosterRow, key: str) -> str:
    return row.cells[key].text if key in row.cells else ""


def with_number(row: RosterRow, column: str, numbers: Mapping[str, str]) -> RosterRow:
    number = numbers[text_of(row, ROW_KEY).rpartition(".")[0]]
    cell = replace(row.cells[column], value=number, kind="text", formula="")
    return RosterRow(row.number, {**row.cells, column: cell})
