"""Excel formulas for what the intake computes itself: roster counts, points, totals. They only help to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from rules.campaign.facts import fact_key, item_key
from rules.campaign.forms import Count, Forms
from rules.campaign.scheme import Indicator, Scheme
from rules.campaign.scoring_words import plain
from rules.dossiers.tolerances import BLANKS, REMARKS, TOTALS, yes_words
from workbooks.layout import FIELD_COLUMNS, FIRST_ROW, SCORE_COLUMNS, column_of, score_rows
from workbooks.read.sheet import letters

LAST_COUNTED_ROW = 20_003


@dataclass(frozen=True, slots=True)
class Places:
    """Where formulas find things: a cell per key of annexes 1 and 3, a column letter per roster key."""

    forms: Forms
    inputs: Mapping[str, str]
    """Annex 1's inputs (``B1.1/1``) and annex 3's figures (``jobs_created``) as cells with their sheet."""

    def column(self, key: str) -> str:
        number = next(n for n, one in enumerate(self.forms.roster, 1) if one.key == key)
        sheet, letter = self.forms.sheet("roster"), letters(number)
        return f"'{sheet}'!${letter}${FIRST_ROW}:${letter}${LAST_COUNTED_ROW}"

    def number(self, key: str) -> str:
        """The cell that holds a fact, or the count of it; empty when the workbook does not say."""
        count = next((one for one in self.forms.counts if one.key == key), None)
        return counting(count, self) if count else self.inputs.get(key, "")


def places_of(forms: Forms, scheme: Scheme) -> Places:
    """Where the template puts what formulas read; annex 3's own figure goes before annex 1's input."""
    inputs = score_sheet_cells(
        forms, scheme, "value", {row.key: row.key for row in score_rows(scheme, forms)}
    )
    for indicator in scheme.indicators + scheme.bonus:
        if indicator.id in inputs:
            inputs[fact_key(indicator)] = inputs[indicator.id]
    letter, title = letters(column_of(FIELD_COLUMNS, "value")), forms.sheet("survey")
    cells = {field.key: f"'{title}'!${letter}${row}" for row, field in enumerate(forms.survey, FIRST_ROW)}
    return Places(forms, inputs | cells)


def score_cells(forms: Forms, scheme: Scheme) -> dict[str, str]:
    """The cell of the town's points by indicator."""
    keys = {row.score: row.score.split(":")[0] for row in score_rows(scheme, forms) if row.score}
    return score_sheet_cells(forms, scheme, "score", keys)


def score_sheet_cells(forms: Forms, scheme: Scheme, column: str, keys: Mapping[str, str]) -> dict[str, str]:
    """Cells of annex 1 in one column, under what ``keys`` makes of a row's key or score."""
    letter, title = letters(column_of(SCORE_COLUMNS, column)), forms.sheet("scores")
    return {
        keys[key]: f"'{title}'!${letter}${number}"
        for number, row in enumerate(score_rows(scheme, forms), FIRST_ROW)
        if (key := row.score if column == "score" else row.key) in keys
    }


def counting(count: Count, places: Places) -> str:
    """How many people a count counts; empty when Excel cannot say it without counting twice."""
    kinds = {one.key: one.kind for one in places.forms.roster}
    if any(kinds[key] == "choices" and len(values) > 1 for key, values in count.where):
        return ""
    if not count.where:
        return listed(places.column("name"))
    keys = [key for key, _ in count.where]
    terms = [
        "COUNTIFS("
        + ",".join(
            f"{places.column(key)},{quoted(f'*{value}*' if kinds[key] == 'choices' else value)}"
            for key, value in zip(keys, values, strict=True)
        )
        + ")"
        for values in product(*(values for _, values in count.where))
    ]
    return terms[0] if len(terms) == 1 else f"({'+'.join(terms)})"


def listed(names: str) -> str:
    """How many names stand in a column: formulas that give nothing and what closes the list are nobody's."""
    closing = ",".join(quoted(f"{word}*") for word in (*TOTALS, *REMARKS))
    return f'(COUNTIF({names},"?*")-SUMPRODUCT(COUNTIF({names},{{{closing}}})))'


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def tidied(cell: str) -> str:
    """A cell's text without the blanks that people type unseen."""
    text = f"{cell}&{quoted('')}"
    for blank in BLANKS:
        text = f"SUBSTITUTE({text},{quoted(blank)},{quoted('')})"
    return text


def amount(cell: str) -> str:
    """A cell's number, also when it was kept as text; 0 for anything else."""
    return f"IFERROR(VALUE(ASC({tidied(cell)})),0)"


def is_yes(cell: str) -> str:
    words = ",".join(map(quoted, yes_words()))
    return f"ISNUMBER(MATCH({tidied(cell)},{{{words}}},0))"


# --- points ----------------------------------------------------------------------------------------------


def points(indicator: Indicator, places: Places) -> str:
    """An indicator's points as ``rules.campaign.scoring`` gives them; empty when its kind has no formula."""
    formula = POINTS.get(indicator.kind)
    inside = formula(indicator, places) if formula else ""
    if not inside:
        return ""
    clamped = f"MAX(0,MIN({plain(indicator.maximum)},{inside}))"
    if not indicator.denominator:
        return clamped
    under = places.number(indicator.denominator)
    return f"IF({under}=0,{plain(indicator.maximum)},{clamped})"


def at_least(indicator: Indicator, limit: Fraction, places: Places) -> str:
    """Whether a ratio or an amount reaches ``limit``, in whole numbers: 0.96 is no exact number to Excel."""
    over = places.number(fact_key(indicator))
    under = places.number(indicator.denominator) if indicator.denominator else "1"
    return f"{over}*{limit.denominator}>={under}*{limit.numerator}" if over and under else ""


def tier(indicator: Indicator, places: Places) -> str:
    best = sorted(indicator.tiers, key=lambda step: step.points, reverse=True)
    cell, formula = places.number(fact_key(indicator)), "0"
    for step in reversed(best):
        reached = (
            f"{tidied(cell)}={quoted(step.label)}"
            if step.label
            else at_least(indicator, step.at_least, places)
        )
        if not cell or not reached:
            return ""
        formula = f"IF({reached},{plain(step.points)},{formula})"
    return formula


def threshold(indicator: Indicator, places: Places) -> str:
    reached = at_least(indicator, indicator.full_at or Fraction(0), places)
    return f"IF({reached},{plain(indicator.maximum)},0)" if reached else ""


def step(indicator: Indicator, places: Places) -> str:
    """The percentage points that are missing, each full or part one: in whole numbers until the division."""
    full, floor = indicator.full_at or Fraction(0), indicator.zero_below or Fraction(0)
    over, under = places.number(fact_key(indicator)), places.number(indicator.denominator)
    if not over or not under:
        return ""
    missing = f"({full.numerator}*{under}-{full.denominator}*{over})*100/({full.denominator}*{under})"
    lost = f"{plain(indicator.per_point or Fraction(0))}*ROUNDUP({missing},0)"
    enough = at_least(indicator, floor, places)
    return f"IF({enough},{plain(indicator.maximum)}-MAX(0,{lost}),0)"


def deduct(indicator: Indicator, places: Places) -> str:
    cell = places.number(fact_key(indicator))
    return (
        f"{plain(indicator.maximum)}-{amount(cell)}*{plain(indicator.per_case or Fraction(0))}"
        if cell
        else ""
    )


def per_unit(indicator: Indicator, places: Places) -> str:
    cell = places.number(fact_key(indicator))
    return f"{amount(cell)}*{plain(indicator.per_unit or Fraction(0))}" if cell else ""


def manual(indicator: Indicator, places: Places) -> str:
    cell = places.number(fact_key(indicator))
    return amount(cell) if cell else ""


def checklist(indicator: Indicator, places: Places) -> str:
    cells = [places.number(item_key(indicator, n)) for n in range(1, len(indicator.items) + 1)]
    pairs = zip(cells, indicator.items, strict=True)
    return (
        "+".join(f"IF({is_yes(cell)},{plain(item.points)},0)" for cell, item in pairs) if all(cells) else ""
    )


POINTS: Mapping[str, Callable[[Indicator, Places], str]] = {
    "threshold": threshold,
    "tier": tier,
    "step": step,
    "deduct": deduct,
    "checklist": checklist,
    "per_unit": per_unit,
    "manual": manual,
}
"""By kind of indicator, as ``rules.campaign.scoring.KINDS``; a kind that is not here is typed by hand."""


def totals(scheme: Scheme, scores: Mapping[str, str]) -> dict[str, str]:
    """Annex 4's sums by the keys of ``ScoreSheet.figures``; ``scores`` are cells by indicator."""
    parts: dict[str, list[str]] = {}
    for indicator in scheme.indicators:
        parts.setdefault(indicator.part, []).append(scores[indicator.id])
    sums = {f"score_{part.lower()}": "+".join(cells) for part, cells in parts.items()}
    extra = "+".join(scores[one.id] for one in scheme.bonus) or "0"
    bonus = f"MIN({plain(scheme.bonus_cap)},{extra})"
    return {**sums, "bonus": bonus, "total": "+".join([*sums.values(), bonus])}
