"""The stage between the forms: every figure, score and sum computed again and held against what is claimed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from fractions import Fraction
from itertools import groupby

from rules.campaign.facts import fact_key
from rules.campaign.forms import Field, Sum
from rules.campaign.scheme import Indicator
from rules.campaign.scoring import ScoreSheet, score
from rules.campaign.scoring_words import rounded
from rules.dossiers.cell_values import is_blank, is_uncalculated, one_of, read_number
from rules.dossiers.checks.cells import blank, describe, misleading
from rules.dossiers.checks.findings import found, places
from rules.dossiers.checks.subject import Checked, says_why
from rules.dossiers.checks.sums.consequences import Consequences
from rules.dossiers.claims import claimed, read_claim, score_key, slots
from rules.dossiers.dossier import Cell, Finding
from rules.dossiers.roster import near_misses
from rules.dossiers.sheet_view import SheetView

WHOLES = (("population", "working_age"), ("population", "able_and_willing"), ("population", "households"))
"""Figures of annex 3 of which the second is part of the first."""
LEVEL = "level"
"""The key of annex 4's answer 推荐级别."""
REASONS = "reasons"
"""The key of annex 3's answer 与花名册统计数不一致的原因."""


def check_sums(checked: Checked) -> Iterator[Finding]:
    """Every sum; those that a formula got wrong for a spelling that was understood are told together, at the end."""
    campaign, dossier, facts = checked.campaign, checked.dossier, known(checked)
    view, follows = SheetView(campaign, dossier, checked.table, facts), Consequences(checked, facts)
    told = Sums(checked, score(campaign.scheme, facts), view, follows)
    for field in campaign.forms.survey:
        yield from check_figure(told, field, dossier.survey)
    for wanted in campaign.forms.sums:
        yield from check_sum(told, wanted)
    yield from check_whole(told)
    for indicator in campaign.scheme.indicators:
        yield from check_score(told, indicator, needed=True)
    for indicator in campaign.scheme.bonus:
        yield from check_score(told, indicator, needed=False)
    for field in campaign.forms.recommendation:
        yield from check_figure(told, field, dossier.recommendation)
        yield from check_total(told, field, dossier.recommendation)
        yield from check_level(told, field, dossier.recommendation)
    yield from understood(told)
    yield from following(told)


@dataclass(frozen=True, slots=True)
class Sums:
    """What is being held against each other.

    ``off`` gathers the totals that spellings alone made wrong, ``behind`` those that faulty answers did.
    """

    checked: Checked
    sheet: ScoreSheet
    view: SheetView
    follows: Consequences
    off: list[Cell] = dataclass_field(default_factory=list)
    behind: list[Cell] = dataclass_field(default_factory=list)


def understood(told: Sums) -> Iterator[Finding]:
    """One finding for each sheet whose formulas counted what they could not read."""
    causes = "；".join(
        f"“{sheet}”{places([cell.ref for cell in cells])}"
        for sheet, cells in groupby(told.view.causes if told.off else (), key=lambda cell: cell.sheet)
    )
    for _, cells in groupby(sorted(told.off, key=lambda cell: cell.sheet), key=lambda cell: cell.sheet):
        totals = list(cells)
        yield found("totals_folded", totals[0], places=places([cell.ref for cell in totals]), causes=causes)


def following(told: Sums) -> Iterator[Finding]:
    """One finding for each sheet whose numbers differ because of answers that were told already."""
    roster = told.checked.campaign.forms.sheet("roster")
    causes = f"“{roster}”{places(told.follows.causes())}" if told.behind else ""
    for _, cells in groupby(sorted(told.behind, key=lambda cell: cell.sheet), key=lambda cell: cell.sheet):
        numbers = list(cells)
        yield found(
            "numbers_follow", numbers[0], places=places([cell.ref for cell in numbers]), causes=causes
        )


def known(checked: Checked) -> dict[str, Fraction | int]:
    """Claims, annex 3's own figures and the roster's counts, as ``checks.facts`` has them."""
    survey = checked.dossier.survey
    own = {
        field.key: read_number(survey[field.key])
        for field in checked.campaign.forms.survey
        if field.key in survey and field.kind in ("integer", "number") and not field.count
    }
    return {
        **claimed(checked.campaign.scheme, checked.dossier.claims),
        **{key: number for key, number in own.items() if number is not None},
        **checked.counts,
    }


def check_figure(told: Sums, field: Field, cells: Mapping[str, Cell]) -> Iterator[Finding]:
    """A figure equals its roster count, or annex 3 gives a reason (domain 2.2)."""
    checked = told.checked
    if field.count not in checked.counts or field.key not in cells:
        return
    cell, expected = cells[field.key], checked.counts[field.count]
    number = read_number(cell)
    if number is None or number == expected:
        return
    if told.view.gives_count(field.count, number):
        told.off.append(cell)
        return
    if told.follows.gives_count(field.count, number):
        told.behind.append(cell)
        return
    explained = says_why(checked.dossier.survey.get(REASONS))
    wrong = "figure_formula_differs" if cell.formula else "figure_differs"
    values = {"value": str(number), "expected": str(expected)}
    rows = difference(checked, field.count, short=number < expected)
    yield found("figure_explained" if explained else wrong, cell, title=field.title, **values, rows=rows)


def difference(checked: Checked, count: str, *, short: bool) -> str:
    """The rows that may make the difference: counted with a doubtful number, or left out by one answer."""
    forms, roster = checked.campaign.forms, checked.dossier.roster
    wanted = next(one for one in forms.counts if one.key == count)
    if short:
        doubtful = [row.number for row in roster if not checked.usable_number(row)]
        return f"（其中{in_rows(doubtful)}的号码有误，也已计入）" if doubtful else ""
    near = near_misses(forms, roster, wanted)
    titles = {column.key: column.title for column in forms.roster}
    parts = [f"{in_rows(rows)}因“{titles[key]}”没有计入" for key, rows in near.items()]
    return f"（{'；'.join(parts)}）" if parts else ""


def in_rows(numbers: list[int]) -> str:
    return places([f"第{number}行" for number in numbers])


def check_sum(told: Sums, wanted: Sum) -> Iterator[Finding]:
    """Figures of annex 3 that must add up (domain 2.2); a blank or unreadable one was told already."""
    forms, survey = told.checked.campaign.forms, told.checked.dossier.survey
    numbers = {key: figure(told, key) for key in wanted.figures() if key in survey}
    if any(numbers.get(key) is None for key in wanted.figures()):
        return
    signed = [(1, key) for key in wanted.plus] + [(-1, key) for key in wanted.minus]
    expected = sum((sign * (numbers[key] or Fraction(0)) for sign, key in signed), Fraction(0))
    if numbers[wanted.total] != expected:
        titles = {field.key: field.title.removeprefix("其中:") for field in forms.survey}
        parts = "＋".join(titles[key] for key in wanted.plus)
        parts += "".join(f"－{titles[key]}" for key in wanted.minus)
        cell = survey[wanted.total]
        values = {"value": str(numbers[wanted.total]), "expected": str(expected)}
        yield found("sum_differs", cell, title=titles[wanted.total], parts=parts, **values)


def check_whole(told: Sums) -> Iterator[Finding]:
    """A whole is no smaller than its part."""
    forms, survey = told.checked.campaign.forms, told.checked.dossier.survey
    titles = {field.key: field.title for field in forms.survey}
    for whole, part in WHOLES:
        there = whole in survey and part in survey
        numbers = [figure(told, key) for key in (whole, part)] if there else [None]
        first, second = numbers[0], numbers[-1]
        if first is not None and second is not None and first < second:
            values = {"value": str(first), "expected": str(second)}
            yield found("fewer_than_part", survey[whole], title=titles[whole], parts=titles[part], **values)


def check_level(told: Sums, field: Field, cells: Mapping[str, Cell]) -> Iterator[Finding]:
    """The level for which a village is recommended is one of those that give an award."""
    titles = tuple(award.title for award in told.checked.campaign.awards)
    cell = cells.get(field.key)
    if field.key != LEVEL or cell is None or is_blank(cell) or is_uncalculated(cell) or cell.kind == "error":
        return
    if not one_of(cell, "text", titles):
        yield found("level_unknown", cell, title=field.title, value=cell.text, choices="、".join(titles))


def figure(told: Sums, key: str) -> Fraction | None:
    """A figure of annex 3 as it counts: what was meant, where a spelling alone made its formula wrong."""
    cell = told.checked.dossier.survey[key]
    if cell not in told.off:
        return read_number(cell)
    count = next(field.count for field in told.checked.campaign.forms.survey if field.key == key)
    return Fraction(told.checked.counts[count])


def check_score(told: Sums, indicator: Indicator, *, needed: bool) -> Iterator[Finding]:
    """The town scores itself (notice, section five (二)); its points must follow from what it claims."""
    cell = told.checked.dossier.claims.get(score_key(indicator.id))
    if cell is None or not is_claimed(told.checked, indicator):
        return
    line, typed = told.sheet.line(indicator.id), read_number(cell)
    if is_blank(cell):
        if needed:
            yield blank(told.checked, cell, indicator.name, code="score_blank")
        return
    if typed is None:
        yield from describe(cell, "number", indicator.name, ())
        return
    if cell.shown:
        yield misleading(cell, indicator.name)
    if rounded(typed) == rounded(line.points):
        return
    if told.view.gives_points(indicator.id, rounded(typed)):
        told.off.append(cell)
    elif told.follows.gives_points(indicator.id, rounded(typed)):
        told.behind.append(cell)
    else:
        values = {"value": rounded(typed), "expected": rounded(line.points), "note": line.note}
        code = "score_formula_differs" if cell.formula else "score_differs"
        inputs = inputs_of(told.checked, indicator)
        yield found(code, cell, title=indicator.name, inputs=inputs, **values)


def is_claimed(checked: Checked, indicator: Indicator) -> bool:
    """Whether every row of an indicator is there and can be read; of others that was told, and its points follow."""
    claims = checked.dossier.claims
    asked = [slot for slot in slots(checked.campaign.scheme) if slot.key.split("/")[0] == indicator.id]
    return all(
        slot.key in claims and (is_blank(claims[slot.key]) or read_claim(slot, claims[slot.key]) is not None)
        for slot in asked
    )


def inputs_of(checked: Checked, indicator: Indicator) -> str:
    """Where that stands from which an indicator's points are worked out."""
    forms = checked.campaign.forms
    counts = {one.key for one in forms.counts}
    own = {field.key: field.title for field in forms.survey if not field.count}
    asked = [key for key in (fact_key(indicator), indicator.denominator) if key]
    claims = [slot.key for slot in slots(checked.campaign.scheme) if slot.key.split("/")[0] == indicator.id]
    cells = [checked.dossier.claims[key].ref for key in claims if key in checked.dossier.claims]
    named = [f"“{forms.sheet('survey')}”的{own[key]}" for key in asked if key in own]
    named += [f"“{forms.sheet('roster')}”"] if counts.intersection(asked) else []
    named += [f"填报值{places(cells)}"] if cells else []
    return "、".join(named) or "填报值"


def check_total(told: Sums, field: Field, cells: Mapping[str, Cell]) -> Iterator[Finding]:
    """Annex 4 repeats annex 1: fields named after ``ScoreSheet.figures`` must equal them."""
    figures = told.sheet.figures
    if field.key not in figures or field.key not in cells:
        return
    cell, expected = cells[field.key], rounded(figures[field.key])
    number = read_number(cell)
    if number is None or rounded(number) == expected:
        return
    if told.view.gives_sum(field.key, rounded(number)):
        told.off.append(cell)
        return
    if told.follows.gives_sum(field.key, rounded(number)):
        told.behind.append(cell)
        return
    code = "total_formula_differs" if cell.formula else "total_differs"
    yield found(code, cell, title=field.title, value=rounded(number), expected=expected)
