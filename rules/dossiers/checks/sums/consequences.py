"""What follows from faulty answers of the roster: figures, points and sums that would be right if those were."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from rules.campaign.forms import Column, Count
from rules.campaign.scoring import ScoreSheet, score
from rules.campaign.scoring_words import rounded
from rules.dossiers.cell_values import folded_choices, is_blank, judge_cell, one_of, read_number
from rules.dossiers.checks.subject import Checked
from rules.dossiers.dossier import ODD, Cell, RosterRow, Value
from rules.dossiers.roster import answer, columns_of

Facts = Mapping[str, Fraction | int]


class Consequences:
    """Counts and points as they would be if every faulty answer were what the town meant; worked out when asked for."""

    def __init__(self, checked: Checked, facts: Facts) -> None:
        self.checked, self.facts = checked, facts

    @cached_property
    def faulty(self) -> Mapping[int, frozenset[str]]:
        """By place in the roster: the columns, of those that are counted, whose answers are missing or unreadable."""
        forms, checked = self.checked.campaign.forms, self.checked
        counted = {key for one in forms.counts for key, _ in one.where}
        found: dict[int, frozenset[str]] = {}
        for column in forms.roster:
            known: dict[Value, bool] = {}
            for n, value in enumerate(checked.table[column.key]) if column.key in counted else ():
                row = checked.dossier.roster[n]
                if value is None or value is ODD or not str(value).strip() or value not in known:
                    known[value] = is_faulty(checked, row, column)
                if known[value]:
                    found[n] = found.get(n, frozenset()) | {column.key}
        return found

    @cached_property
    def more(self) -> Mapping[str, Mapping[int, frozenset[str]]]:
        """By count: the places in the roster that a faulty answer alone keeps out of it, and those answers."""
        forms, rows = self.checked.campaign.forms, self.checked.dossier.roster
        known = columns_of(forms)
        return {
            one.key: {
                n: asked
                for n, columns in self.faulty.items()
                if (asked := columns & {key for key, _ in one.where})
                and fits_but_for(rows[n], one, asked, known)
            }
            for one in forms.counts
        }

    @cached_property
    def most(self) -> Mapping[str, int]:
        return {key: number + len(self.more[key]) for key, number in self.checked.counts.items()}

    @cached_property
    def sheets(self) -> tuple[ScoreSheet, ...]:
        """Points by the town's own figures as far as they follow, and by the most that may be counted."""
        scheme, survey = self.checked.campaign.scheme, self.checked.dossier.survey
        own = {
            field.count: number
            for field in self.checked.campaign.forms.survey
            if field.count
            and field.key in survey
            and (number := read_number(survey[field.key])) is not None
            and self.gives_count(field.count, number)
        }
        return tuple(score(scheme, {**self.facts, **view}) for view in (own, self.most))

    @property
    def are_any(self) -> bool:
        return self.most != dict(self.checked.counts)

    def gives_count(self, key: str, number: Fraction) -> bool:
        return self.checked.counts[key] < number <= self.most[key]

    def gives_points(self, indicator_id: str, points: str) -> bool:
        return self.are_any and any(
            rounded(sheet.line(indicator_id).points) == points for sheet in self.sheets
        )

    def gives_sum(self, key: str, points: str) -> bool:
        return self.are_any and any(rounded(sheet.figures[key]) == points for sheet in self.sheets)

    def causes(self) -> list[str]:
        """Where the faulty answers stand that keep somebody out of a count; a row that lacks the cell as a row."""
        rows = self.checked.dossier.roster
        places = {(n, key) for kept_out in self.more.values() for n, keys in kept_out.items() for key in keys}
        cells = [(rows[n], rows[n].cells.get(key)) for n, key in sorted(places)]
        return list(dict.fromkeys(cell.ref if cell else f"第{row.number}行" for row, cell in cells))


def is_faulty(checked: Checked, row: RosterRow, column: Column) -> bool:
    cell = row.cells.get(column.key)
    if cell is None or is_blank(cell):
        return column.need == "required" or is_needed(checked, row, column)
    return bool(judge_cell(cell, column.kind, column.choices))


def is_needed(checked: Checked, row: RosterRow, column: Column) -> bool:
    """Whether a blank answer is needed because of another, or may be because that one cannot be read."""
    if column.need != "conditional" or column.needed_when is None:
        return False
    key, values = column.needed_when
    asked = next(one for one in checked.campaign.forms.roster if one.key == key)
    other: Cell | None = row.cells.get(key)
    if other is None or is_blank(other):
        return False
    return one_of(other, asked.kind, values, asked.choices) or bool(
        judge_cell(other, asked.kind, asked.choices)
    )


def fits_but_for(
    row: RosterRow, wanted: Count, faulty: frozenset[str], columns: Mapping[str, Column]
) -> bool:
    return all(
        key in faulty or not answer(row, columns[key]).isdisjoint(folded_choices(values))
        for key, values in wanted.where
    )
