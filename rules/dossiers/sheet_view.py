"""What the sheet's own formulas make of a dossier: they fold nothing, so one blank too many changes their sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from rules.campaign.campaign import Campaign
from rules.campaign.forms import Column, Count, Field, Forms
from rules.campaign.scoring import ScoreSheet, score
from rules.campaign.scoring_words import rounded
from rules.dossiers.cell_values import entries, is_blank, read_number
from rules.dossiers.claims import read_claim, score_key, slots
from rules.dossiers.dossier import ODD, Cell, Dossier, RosterRow
from rules.dossiers.roster import Table
from rules.dossiers.tolerances import YES, folded

Facts = Mapping[str, Fraction | int]


def counts_as_typed(forms: Forms, rows: tuple[RosterRow, ...]) -> dict[str, int]:
    """People per count as COUNTIFS counts them: a text is equal or it is not."""
    kinds = {column.key: column.kind for column in forms.roster}
    return {one.key: sum(counts_row(row, one, kinds) for row in rows) for one in forms.counts}


def counts_row(row: RosterRow, wanted: Count, kinds: Mapping[str, str]) -> bool:
    return all(
        key in row.cells and as_typed(row.cells[key], kinds[key], values) for key, values in wanted.where
    )


def as_typed(cell: Cell, kind: str, values: tuple[str, ...]) -> bool:
    """Whether a formula finds one of ``values`` in a cell; of several answers it looks for a part."""
    text = "" if cell.value is None else str(cell.value)
    return any(value in text for value in values) if kind == "choices" else text in values


def odd_spellings(
    forms: Forms, rows: tuple[RosterRow, ...], table: Table
) -> Iterator[tuple[Column, Cell, str]]:
    """The roster's cells that mean a choice and are spelt otherwise, with what they mean."""
    for column in forms.roster:
        if column.kind not in ("choice", "choices") or not column.choices:
            continue
        known: dict[object, str] = {}
        for row, value in zip(rows, table[column.key], strict=True):
            if value is None or value == "":
                continue
            if value is ODD or value not in known:
                known[value] = meant(row.cells[column.key], column)
            if known[value]:
                yield column, row.cells[column.key], known[value]


def meant(cell: Cell, column: Column) -> str:
    """The choice that a cell means, when a formula does not find it there; else empty."""
    told = entries(cell, column.kind, column.choices)
    choices = [choice for choice in column.choices if folded(choice) in told]
    if not choices or len(choices) < len(told) or all(as_typed(cell, column.kind, (one,)) for one in choices):
        return ""
    return "、".join(choices)


# --- points ----------------------------------------------------------------------------------------------


def odd_claims(campaign: Campaign, claims: Mapping[str, Cell]) -> Iterator[Cell]:
    """Annex 1's cells that are read as another number than a formula takes them for."""
    for slot in slots(campaign.scheme):
        cell = claims.get(slot.key)
        read = None if cell is None or is_blank(cell) else read_claim(slot, cell)
        if cell is not None and read is not None and read != number_as_typed(cell, dict(slot.words)):
            yield cell
    yield from (cell for key, cell in claims.items() if key.endswith(":score") and is_number_as_text(cell))


def odd_figures(fields: tuple[Field, ...], cells: Mapping[str, Cell]) -> Iterator[Cell]:
    """Annex 3's or 4's numbers that are kept as text."""
    asked = (cells.get(field.key) for field in fields if field.kind in ("integer", "number"))
    return (cell for cell in asked if cell is not None and is_number_as_text(cell))


def is_number_as_text(cell: Cell) -> bool:
    return isinstance(cell.value, str) and read_number(cell) is not None


def number_as_typed(cell: Cell, labels: Mapping[str, Fraction]) -> Fraction:
    """What a formula takes a cell for: a number, a level's own name, the word for yes; nothing else counts."""
    if isinstance(cell.value, int | float):
        return Fraction(str(float(cell.value)))
    text = str(cell.value)
    return labels.get(text, Fraction(text == YES))


def claims_as_typed(campaign: Campaign, claims: Mapping[str, Cell]) -> dict[str, Fraction]:
    there = (slot for slot in slots(campaign.scheme) if slot.key in claims and not is_blank(claims[slot.key]))
    return {slot.fact: number_as_typed(claims[slot.key], dict(slot.words)) for slot in there}


def stated_sums(campaign: Campaign, claims: Mapping[str, Cell], *, text_counts: bool) -> dict[str, Fraction]:
    """Annex 4's sums of annex 1's points as they stand there; numbers kept as text may count for nothing."""
    scheme, sums = campaign.scheme, dict[str, Fraction]()
    for one in scheme.indicators:
        key = f"score_{one.part.lower()}"
        sums[key] = sums.get(key, Fraction(0)) + stated(claims.get(score_key(one.id)), text_counts)
    extra = sum((stated(claims.get(score_key(one.id)), text_counts) for one in scheme.bonus), Fraction(0))
    bonus = min(scheme.bonus_cap, extra)
    return {**sums, "bonus": bonus, "total": sum(sums.values(), bonus)}


def stated(cell: Cell | None, text_counts: bool) -> Fraction:
    if cell is None or (isinstance(cell.value, str) and not text_counts):
        return Fraction(0)
    return read_number(cell) or Fraction(0)


# --- all of it -------------------------------------------------------------------------------------------


class SheetView:
    """What formulas may have given where they differ from what is read; worked out when it is asked for."""

    def __init__(self, campaign: Campaign, dossier: Dossier, table: Table, read: Facts) -> None:
        self.campaign, self.dossier, self.table, self.read = campaign, dossier, table, read

    @cached_property
    def causes(self) -> tuple[Cell, ...]:
        """The cells that a formula takes for something else than they mean."""
        forms, dossier = self.campaign.forms, self.dossier
        spelt = (cell for _, cell, _ in odd_spellings(forms, dossier.roster, self.table))
        figures = odd_figures(forms.survey, dossier.survey)
        return (*spelt, *odd_claims(self.campaign, dossier.claims), *figures)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return counts_as_typed(self.campaign.forms, self.dossier.roster)

    @cached_property
    def sheets(self) -> tuple[ScoreSheet, ...]:
        """Points by counts as typed, by claims as typed, by both."""
        claims = claims_as_typed(self.campaign, self.dossier.claims)
        views = (
            {**self.read, **self.counts},
            {**self.read, **claims},
            {**self.read, **claims, **self.counts},
        )
        return tuple(score(self.campaign.scheme, view) for view in views)

    @cached_property
    def sums(self) -> tuple[Mapping[str, Fraction], ...]:
        claims = self.dossier.claims
        stated = [stated_sums(self.campaign, claims, text_counts=counts) for counts in (True, False)]
        return (*stated, *(sheet.figures for sheet in self.sheets))

    def gives_count(self, key: str, number: Fraction) -> bool:
        """Whether a figure is what a formula counts, or part of the way to what was meant."""
        ends = sorted((Fraction(self.counts[key]), Fraction(self.read[key])))
        return bool(self.causes) and ends[0] <= number <= ends[1]

    def gives_points(self, indicator_id: str, points: str) -> bool:
        if not self.causes:
            return False
        return any(rounded(sheet.line(indicator_id).points) == points for sheet in self.sheets)

    def gives_sum(self, key: str, points: str) -> bool:
        return bool(self.causes) and any(rounded(sums[key]) == points for sums in self.sums)
