"""The stage between the forms: every figure, score and sum computed again and held against what is claimed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from rules.campaign.forms import Field, Sum
from rules.campaign.scheme import Indicator
from rules.campaign.scoring import ScoreLine, ScoreSheet, score
from rules.campaign.scoring_words import rounded
from rules.dossiers.cell_values import is_blank, is_uncalculated, read_number
from rules.dossiers.checks.cells import describe
from rules.dossiers.checks.findings import found, places
from rules.dossiers.checks.subject import Checked
from rules.dossiers.claims import claimed, score_key
from rules.dossiers.dossier import Cell, Finding
from rules.dossiers.roster import near_misses

REASONS = "reasons"
"""The key of annex 3's answer 与花名册统计数不一致的原因."""


def check_sums(checked: Checked) -> Iterator[Finding]:
    campaign, dossier = checked.campaign, checked.dossier
    sheet = score(campaign.scheme, known(checked))
    for field in campaign.forms.survey:
        yield from check_figure(checked, field, dossier.survey)
    for wanted in campaign.forms.sums:
        yield from check_sum(checked, wanted)
    for indicator in campaign.scheme.indicators:
        yield from check_score(checked, indicator, sheet.line(indicator.id), needed=True)
    for indicator in campaign.scheme.bonus:
        yield from check_score(checked, indicator, sheet.line(indicator.id), needed=False)
    for field in campaign.forms.recommendation:
        yield from check_figure(checked, field, dossier.recommendation)
        yield from check_total(field, dossier.recommendation, sheet)


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


def check_figure(checked: Checked, field: Field, cells: Mapping[str, Cell]) -> Iterator[Finding]:
    """A figure equals its roster count, or annex 3 gives a reason (domain 2.2)."""
    if field.count not in checked.counts or field.key not in cells:
        return
    cell, expected = cells[field.key], checked.counts[field.count]
    number = read_number(cell)
    if number is not None and number != expected:
        explained = not is_blank(checked.dossier.survey.get(REASONS, checked.blank("survey")))
        code = "figure_explained" if explained else "figure_differs"
        values = {"value": str(number), "expected": str(expected)}
        rows = difference(checked, field.count, short=number < expected)
        yield found(code, cell, title=field.title, **values, rows=rows)


def difference(checked: Checked, count: str, *, short: bool) -> str:
    """The rows that may make the difference: counted with a doubtful number, or left out by one answer."""
    forms, roster = checked.campaign.forms, checked.dossier.roster
    wanted = next(one for one in forms.counts if one.key == count)
    if short:
        doubtful = [row.number for row in roster if not checked.usable_number(row)]
        return f"号码有误的行也已计入：{in_rows(doubtful)}。" if doubtful else ""
    near = near_misses(forms, roster, wanted)
    titles = {column.key: column.title for column in forms.roster}
    parts = [f"因“{titles[key]}”未计入{in_rows(rows)}" for key, rows in near.items()]
    return "；".join(parts) + "。" if parts else ""


def in_rows(numbers: list[int]) -> str:
    return places([f"第{number}行" for number in numbers])


def check_sum(checked: Checked, wanted: Sum) -> Iterator[Finding]:
    """Figures of annex 3 that must add up (domain 2.2); a blank or unreadable one was told already."""
    survey = checked.dossier.survey
    numbers = {key: read_number(survey[key]) for key in wanted.figures() if key in survey}
    if any(numbers.get(key) is None for key in wanted.figures()):
        return
    signed = [(1, key) for key in wanted.plus] + [(-1, key) for key in wanted.minus]
    expected = sum((sign * (numbers[key] or Fraction(0)) for sign, key in signed), Fraction(0))
    if numbers[wanted.total] != expected:
        titles = {field.key: field.title.removeprefix("其中:") for field in checked.campaign.forms.survey}
        parts = "＋".join(titles[key] for key in wanted.plus)
        parts += "".join(f"－{titles[key]}" for key in wanted.minus)
        cell = survey[wanted.total]
        values = {"value": str(numbers[wanted.total]), "expected": str(expected)}
        yield found("sum_differs", cell, title=titles[wanted.total], parts=parts, **values)


def check_score(
    checked: Checked, indicator: Indicator, line: ScoreLine, *, needed: bool
) -> Iterator[Finding]:
    """The town scores itself (notice, section five (二)); its points must follow from what it claims."""
    cell = checked.dossier.claims.get(score_key(indicator.id), checked.blank("scores"))
    typed = read_number(cell)
    if is_blank(cell):
        if needed:
            yield found("score_blank", cell, title=indicator.name)
    elif typed is None:
        if not is_uncalculated(cell):
            yield from describe(cell, "number", indicator.name, ())
    elif rounded(typed) != rounded(line.points):
        values = {"value": rounded(typed), "expected": rounded(line.points), "note": line.note}
        yield found("score_differs", cell, title=indicator.name, **values)


def check_total(field: Field, cells: Mapping[str, Cell], sheet: ScoreSheet) -> Iterator[Finding]:
    """Annex 4 repeats annex 1: fields named after ``ScoreSheet.figures`` must equal them."""
    if field.key not in sheet.figures or field.key not in cells:
        return
    cell, expected = cells[field.key], rounded(sheet.figures[field.key])
    number = read_number(cell)
    if number is not None and rounded(number) != expected:
        yield found("total_differs", cell, title=field.title, value=rounded(number), expected=expected)
