"""Counting annex 2: the numbers that annexes 1 and 3 take from the roster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from rules.campaign.forms import Column, Count, Forms
from rules.dossiers.cell_values import entries, folded_choices, folded_entries
from rules.dossiers.dossier import ODD, ODD_KINDS, Cell, RosterRow, Value
from rules.dossiers.tolerances import folded, household_meant

Table = Mapping[str, Sequence[Value]]
"""By column key: what stands in it, row for row."""
Answered = Mapping[str, frozenset[str]]
"""What a row answers, folded, by column."""
HOUSEHOLD = "household"
"""The key of the roster column 户编号."""


def table_of(rows: Sequence[RosterRow], keys: Sequence[str]) -> Table:
    """What stands in columns, or ``ODD``: to know equal answers without making their cells."""
    plain = [values_of(row, keys) for row in rows]
    return dict(zip(keys, zip(*plain, strict=True), strict=True)) if plain else dict.fromkeys(keys, ())


def values_of(row: RosterRow, keys: Sequence[str]) -> list[Value]:
    plain: Callable[[Sequence[str]], list[Value]] | None = getattr(row.cells, "plain", None)
    return plain(keys) if plain else [plain_value(row.cells.get(key)) for key in keys]


def plain_value(cell: Cell | None) -> Value:
    if cell is None:
        return None
    return ODD if cell.formula or cell.shown or cell.kind in ODD_KINDS else cell.value


def count(forms: Forms, people: Sequence[RosterRow], table: Table | None = None) -> dict[str, int]:
    """People per key of ``forms.counts``: rows in which every named column holds one of its values.

    ``table`` is what stands in the roster's columns, where somebody has it already.
    """
    columns = columns_of(forms)
    asked = sorted({key for one in forms.counts for key, _ in one.where})
    held = table or table_of(people, asked)
    # A thousand people give some dozens of different answers: each is compared once.
    alike: dict[tuple[Value, ...], list[RosterRow]] = {}
    for row, typed in zip(people, zip(*(held[key] for key in asked), strict=True), strict=True):
        alike.setdefault((*typed, row.number) if ODD in typed else typed, []).append(row)
    answers = [
        ({key: answer(members[0], columns[key]) for key in asked}, len(members)) for members in alike.values()
    ]
    wanted = {one.key: [(key, folded_choices(values)) for key, values in one.where] for one in forms.counts}
    return {
        key: sum(many for answered, many in answers if fits_all(answered, where))
        for key, where in wanted.items()
    }


def fits_all(answered: Answered, where: Sequence[tuple[str, frozenset[str]]]) -> bool:
    return all(not answered[key].isdisjoint(values) for key, values in where)


def answer(row: RosterRow, column: Column) -> frozenset[str]:
    cell = row.cells.get(column.key)
    return frozenset() if cell is None else entries(cell, column.kind, column.choices)


def meets(answered: Answered, wanted: Count) -> bool:
    return fits_all(answered, [(key, folded_choices(values)) for key, values in wanted.where])


def belongs(row: RosterRow, wanted: Count, columns: Mapping[str, Column]) -> bool:
    return meets({key: answer(row, columns[key]) for key, _ in wanted.where}, wanted)


def counted_in(forms: Forms, answers: Mapping[str, object], wanted: Count) -> bool:
    """Whether a row whose answers are known by column belongs to a count."""
    columns = columns_of(forms)
    answered = {
        key: folded_entries(str(answers[key]), columns[key].kind, columns[key].choices)
        if key in answers
        else frozenset[str]()
        for key, _ in wanted.where
    }
    return meets(answered, wanted)


def near_misses(forms: Forms, rows: Iterable[RosterRow], wanted: Count) -> dict[str, list[int]]:
    """By column: the rows that this column alone keeps out of a count."""
    columns, near = columns_of(forms), dict[str, list[int]]()
    for row in rows:
        against = [
            key
            for key, values in wanted.where
            if answer(row, columns[key]).isdisjoint(folded_choices(values))
        ]
        if len(against) == 1:
            near.setdefault(against[0], []).append(row.number)
    return near


def columns_of(forms: Forms) -> dict[str, Column]:
    return {column.key: column for column in forms.roster}


def households_without_work(
    forms: Forms, grouped: Iterable[tuple[str, Sequence[RosterRow]]]
) -> tuple[str, ...]:
    """Numbers of those households in which somebody is able and willing to work and nobody is employed
    (零就业家庭), by the counts ``able_and_willing`` and ``employed``."""
    columns, counts = columns_of(forms), {one.key: one for one in forms.counts}
    able, employed = Belonging(counts["able_and_willing"], columns), Belonging(counts["employed"], columns)
    return tuple(
        number
        for number, members in grouped
        if any(map(able.holds, members)) and not any(map(employed.holds, members))
    )


class Belonging:
    """Whether rows belong to a count; of equal answers one is compared."""

    def __init__(self, wanted: Count, columns: Mapping[str, Column]) -> None:
        self.wanted, self.columns, self.known = wanted, columns, dict[tuple[Value, ...], bool]()
        self.keys = [key for key, _ in wanted.where]

    def holds(self, row: RosterRow) -> bool:
        typed = tuple(values_of(row, self.keys))
        if ODD in typed:
            return belongs(row, self.wanted, self.columns)
        if typed not in self.known:
            self.known[typed] = belongs(row, self.wanted, self.columns)
        return self.known[typed]


def households(rows: Sequence[RosterRow]) -> list[tuple[str, list[RosterRow]]]:
    """Each household's number and rows, by number; rows that name none are left out."""
    members: dict[str, list[RosterRow]] = {}
    for row, number in zip(rows, household_numbers(rows), strict=True):
        members.setdefault(number, []).append(row)
    members.pop("", None)
    return sorted(members.items())


def household_numbers(rows: Sequence[RosterRow]) -> list[str]:
    """The number of each row's household, the same however it is kept; empty for a row that names none."""
    known: dict[Value, str] = {None: ""}
    return [_household_of(row, known) for row in rows]


def _household_of(row: RosterRow, known: dict[Value, str]) -> str:
    value = values_of(row, (HOUSEHOLD,))[0]
    if value is not None and (value is ODD or not isinstance(value, str)):
        return household_meant(folded(row.cells[HOUSEHOLD].text))
    if value not in known:
        known[value] = household_meant(folded(str(value)))
    return known[value]
