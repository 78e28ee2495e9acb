"""This year's roster from last year's: what may be carried over, masked, and what follows from the number anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.campaign.campaign import Campaign, Column
from rules.dossiers.cell_values import BETWEEN, folded, folded_choices
from rules.dossiers.checks.cells import DERIVED
from rules.dossiers.dossier import Value
from rules.dossiers.id_numbers import mask
from rules.dossiers.joining import NAME, ROW_KEY, row_key

NEW_EACH_YEAR = ("surveyed_on", "surveyor")
"""Columns that this year's survey fills: last year's answers would say that it had been made."""
COUNTED = "seq"


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
