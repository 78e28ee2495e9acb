"""Counting annex 2: the numbers that annexes 1 and 3 take from the roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from rules.campaign.forms import Count, Forms
from rules.dossiers.cell_values import entries, folded_choices, folded_entries
from rules.dossiers.dossier import RosterRow
from rules.dossiers.tolerances import folded

HOUSEHOLD = "household"
"""The key of the roster column 户编号."""


def count(forms: Forms, rows: Iterable[RosterRow]) -> dict[str, int]:
    """People per key of ``forms.counts``: rows in which every named column holds one of its values."""
    kinds = column_kinds(forms)
    asked = sorted({key for one in forms.counts for key, _ in one.where})
    # A thousand people give some dozens of different answers: each is compared once.
    alike = Counter(tuple(answer(row, key, kinds[key]) for key in asked) for row in rows)
    answers = [(dict(zip(asked, combination, strict=True)), people) for combination, people in alike.items()]
    return {
        one.key: sum(people for answered, people in answers if meets(answered, one)) for one in forms.counts
    }


def answer(row: RosterRow, key: str, kind: str) -> frozenset[str]:
    return entries(row.cells[key], kind) if key in row.cells else frozenset()


def meets(answered: Mapping[str, frozenset[str]], wanted: Count) -> bool:
    return all(not answered[key].isdisjoint(folded_choices(values)) for key, values in wanted.where)


def belongs(row: RosterRow, wanted: Count, kinds: Mapping[str, str]) -> bool:
    return meets({key: answer(row, key, kinds[key]) for key, _ in wanted.where}, wanted)


def counted_in(forms: Forms, answers: Mapping[str, object], wanted: Count) -> bool:
    """Whether a row whose answers are known by column belongs to a count."""
    kinds = column_kinds(forms)
    answered = {
        key: folded_entries(str(answers[key]), kinds[key]) if key in answers else frozenset[str]()
        for key, _ in wanted.where
    }
    return meets(answered, wanted)


def near_misses(forms: Forms, rows: Iterable[RosterRow], wanted: Count) -> dict[str, list[int]]:
    """By column: the rows that this column alone keeps out of a count."""
    kinds, near = column_kinds(forms), dict[str, list[int]]()
    for row in rows:
        against = [
            key
            for key, values in wanted.where
            if answer(row, key, kinds[key]).isdisjoint(folded_choices(values))
        ]
        if len(against) == 1:
            near.setdefault(against[0], []).append(row.number)
    return near


def column_kinds(forms: Forms) -> dict[str, str]:
    return {column.key: column.kind for column in forms.roster}


def households_without_work(forms: Forms, rows: Iterable[RosterRow]) -> tuple[str, ...]:
    """Numbers of households in which somebody is able and willing to work and nobody is employed
    (零就业家庭), by the counts ``able_and_willing`` and ``employed``; rows without a number are left out."""
    kinds, counts = column_kinds(forms), {one.key: one for one in forms.counts}
    return tuple(
        number
        for number, members in households(rows)
        if any(belongs(row, counts["able_and_willing"], kinds) for row in members)
        and not any(belongs(row, counts["employed"], kinds) for row in members)
    )


def households(rows: Iterable[RosterRow]) -> Iterator[tuple[str, list[RosterRow]]]:
    numbered = sorted((row for row in rows if household_of(row)), key=household_of)
    for number, members in groupby(numbered, key=household_of):
        yield number, list(members)


def household_of(row: RosterRow) -> str:
    return folded(row.cells[HOUSEHOLD].text) if HOUSEHOLD in row.cells else ""
