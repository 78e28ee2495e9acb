"""Counting annex 2: the numbers that annexes 1 and 3 take from the roster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from rules.campaign import Count, Forms
from rules.cells import folded, one_of
from rules.dossier import RosterRow

HOUSEHOLD = "household"
"""The key of the roster column 户编号."""


def count(forms: Forms, rows: Iterable[RosterRow]) -> dict[str, int]:
    """People per key of ``forms.counts``: rows in which every named column holds one of its values."""
    kinds, rows = column_kinds(forms), tuple(rows)
    return {one.key: sum(belongs(row, one, kinds) for row in rows) for one in forms.counts}


def belongs(row: RosterRow, wanted: Count, kinds: Mapping[str, str]) -> bool:
    return all(
        key in row.cells and one_of(row.cells[key], kinds[key], values) for key, values in wanted.where
    )


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
