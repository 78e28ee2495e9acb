"""Checking a dossier in stages: whose it is, whether it is whole, its cells, its rows, its sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rules.campaign import Campaign, Column, Field, Indicator
from rules.cells import entries, folded, is_blank, is_uncalculated, judge_cell, one_of, read_number
from rules.claims import Slot, claimed, read_claim, score_key, slots
from rules.dossier import Cell, Dossier, Finding, RosterRow
from rules.findings import found, is_acceptable
from rules.identity import CORRECTIONS, age_on, judge_id, mask, normalise_id, sex
from rules.roster import count, households_without_work
from rules.scoring import ScoreLine, ScoreSheet, rounded, score

__all__ = ["check", "facts", "is_acceptable"]

DERIVED: Mapping[str, Callable[[str, date], str]] = {
    "sex": lambda number, _: sex(number),
    "age": lambda number, day: str(age_on(number, day)),
}
"""Automatic roster columns that follow from the identity number, on the day of the survey."""

REASONS = "reasons"
"""The key of annex 3's answer 与花名册统计数不一致的原因."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the stages look at: the dossier, the campaign, and whose dossier it should be."""

    campaign: Campaign
    dossier: Dossier
    town_code: str
    village_code: str

    def blank(self, sheet: str, ref: str = "") -> Cell:
        """Stands for a cell, row or sheet that is not there."""
        return Cell(self.campaign.forms.sheet(sheet), ref, None, "blank")


Stage = Callable[[Checked], Iterator[Finding]]


def check(campaign: Campaign, dossier: Dossier, *, town_code: str, village_code: str) -> tuple[Finding, ...]:
    """All findings of a dossier that should be this village's.

    A dossier of another village, campaign or form version, or one with parts missing, gets only
    the findings that say so: the rest could not be trusted.
    """
    findings: list[Finding] = []
    for stage, stops in STAGES:
        findings += stage(Checked(campaign, dossier, town_code, village_code))
        if stops and not is_acceptable(findings):
            break
    return tuple(findings)


def facts(campaign: Campaign, dossier: Dossier) -> dict[str, Fraction | int]:
    """What scoring needs: annex 1's claims, annex 3's own figures and, over all, the roster's counts."""
    own = {field.key: read_number(dossier.survey[field.key]) for field in own_figures(campaign, dossier)}
    return {
        **claimed(campaign.scheme, dossier.claims),
        **{key: number for key, number in own.items() if number is not None},
        **count(campaign.forms, dossier.roster),
    }


def own_figures(campaign: Campaign, dossier: Dossier) -> Iterator[Field]:
    for field in campaign.forms.survey:
        if field.key in dossier.survey and field.kind in ("integer", "number") and not field.count:
            yield field


# --- whose it is -----------------------------------------------------------------------------------


def check_identity(checked: Checked) -> Iterator[Finding]:
    campaign = checked.campaign
    town, village = campaign.town(checked.town_code), campaign.village(checked.village_code)
    yield from same("campaign", "wrong_campaign", checked, (campaign.id, campaign.title))
    yield from same("form_version", "wrong_form_version", checked, (campaign.forms.version,))
    yield from same("town_code", "wrong_town", checked, (town.code, town.name, *town.aliases))
    yield from same("village_code", "wrong_village", checked, (village.code, village.name, *village.aliases))


IDENTITY: Mapping[str, str] = {
    "campaign": "活动编号",
    "form_version": "表格版本",
    "town_code": "乡镇(街道)代码",
    "village_code": "社区(村)代码",
}


def same(key: str, code: str, checked: Checked, names: tuple[str, ...]) -> Iterator[Finding]:
    """A finding unless the identity cell holds one of ``names``, the first of which is the code."""
    cell = checked.dossier.identity.get(key, checked.blank("scores"))
    if is_blank(cell):
        yield found("identity_missing", cell, title=IDENTITY[key])
    elif not one_of(cell, "text", names):
        yield found(code, cell, value=cell.text, expected="，".join(names[:2]))


# --- whether it is whole ---------------------------------------------------------------------------


def check_structure(checked: Checked) -> Iterator[Finding]:
    forms, dossier = checked.campaign.forms, checked.dossier
    for sheet in dossier.missing_sheets:
        yield found("missing_sheet", Cell(dict(forms.sheets).get(sheet, sheet), "", None, "blank"))
    for name in dossier.missing_columns:
        column = next((one for one in forms.roster if name in (one.key, one.title)), None)
        optional = column is not None and column.need in ("optional", "automatic")
        code = "missing_optional_column" if optional else "missing_column"
        yield found(code, checked.blank("roster"), title=column.title if column else name)


# --- its cells -------------------------------------------------------------------------------------


def check_cells(checked: Checked) -> Iterator[Finding]:
    forms, dossier = checked.campaign.forms, checked.dossier
    for slot in slots(checked.campaign.scheme):
        yield from check_claim(checked, slot)
    for row in dossier.roster:
        for column in forms.roster:
            yield from check_roster_cell(checked, row, column)
    for field in forms.survey:
        yield from check_field(field, dossier.survey.get(field.key, checked.blank("survey")))
    for field in forms.recommendation:
        yield from check_field(field, dossier.recommendation.get(field.key, checked.blank("recommendation")))


def check_claim(checked: Checked, slot: Slot) -> Iterator[Finding]:
    cell = checked.dossier.claims.get(slot.key, checked.blank("scores"))
    elsewhere = {field.key for field in checked.campaign.forms.survey}
    if is_blank(cell):
        if slot.needed and slot.fact not in elsewhere:
            yield found("claim_blank", cell, title=slot.title)
    elif is_uncalculated(cell):
        yield found("formula_uncalculated", cell, title=slot.title)
    elif read_claim(slot, cell) is None:
        choices = "".join(f"、{word}" for word, _ in slot.words)
        yield found("claim_unreadable", cell, title=slot.title, value=cell.text, choices=choices)


def check_roster_cell(checked: Checked, row: RosterRow, column: Column) -> Iterator[Finding]:
    cell = row.cells.get(column.key) or checked.blank("roster", f"第{row.number}行")
    if column.need == "automatic":
        yield from check_derived(checked, row, column, cell)
    elif is_blank(cell):
        yield from check_need(checked, row, column, cell)
    elif is_uncalculated(cell):
        yield found("formula_uncalculated", cell, title=column.title)
    else:
        yield from describe(cell, column.kind, column.title, column.choices)


def check_need(checked: Checked, row: RosterRow, column: Column, cell: Cell) -> Iterator[Finding]:
    if column.need == "required":
        yield found("required_blank", cell, title=column.title)
    if column.need != "conditional" or column.needed_when is None:
        return
    key, values = column.needed_when
    other = next(one for one in checked.campaign.forms.roster if one.key == key)
    if key in row.cells and one_of(row.cells[key], other.kind, values):
        met = entries(row.cells[key], other.kind)
        named = "、".join(value for value in values if folded(value) in met)
        yield found("needed_blank", cell, title=column.title, when=other.title, value=named)


def check_derived(checked: Checked, row: RosterRow, column: Column, cell: Cell) -> Iterator[Finding]:
    """A typed sex or age must agree with the identity number; a formula looks after itself."""
    number = usable_number(checked, row)
    if is_blank(cell) or cell.formula or column.key not in DERIVED or not number:
        return
    expected = DERIVED[column.key](number, checked.campaign.survey_day)
    typed = read_number(cell)
    if expected != (folded(cell.text) if typed is None else str(typed)):
        yield found("derived_differs", cell, title=column.title, value=cell.text, expected=expected)


def check_field(field: Field, cell: Cell) -> Iterator[Finding]:
    if is_blank(cell):
        if field.need == "required":
            yield found("required_blank", cell, title=field.title)
    elif is_uncalculated(cell):
        yield found("formula_uncalculated", cell, title=field.title)
    else:
        yield from describe(cell, field.kind, field.title, ())


def describe(cell: Cell, kind: str, title: str, choices: tuple[str, ...]) -> Iterator[Finding]:
    """The findings on a filled cell; an identity number is masked however short or broken it is."""
    codes = judge_cell(cell, kind, choices)
    if not codes:
        return
    number, corrections = normalise_id(cell.text)
    yield from (
        found(
            code,
            cell,
            title=title,
            value=mask(number) if kind == "id_number" else cell.text,
            choices="、".join(choices),
            corrections="、".join(CORRECTIONS[key] for key in corrections),
        )
        for code in codes
    )


# --- its rows --------------------------------------------------------------------------------------


def check_rows(checked: Checked) -> Iterator[Finding]:
    if not checked.dossier.roster:
        yield found("roster_empty", checked.blank("roster"))
    yield from check_duplicates(checked)
    without = households_without_work(checked.campaign.forms, checked.dossier.roster)
    if without:
        yield found("households_without_work", checked.blank("roster"), value=str(len(without)))


def check_duplicates(checked: Checked) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for row in checked.dossier.roster:
        number = usable_number(checked, row)
        if number and number in first:
            cell = row.cells[id_column(checked)]
            yield found("duplicate_id", cell, value=mask(number), first=str(first[number]))
        first.setdefault(number, row.number)


def id_column(checked: Checked) -> str:
    return next((one.key for one in checked.campaign.forms.roster if one.kind == "id_number"), "")


def usable_number(checked: Checked, row: RosterRow) -> str:
    """The row's identity number, empty when there is none that can stand for a person."""
    cell = row.cells.get(id_column(checked))
    judged = judge_id(cell) if cell else None
    return judged.number if judged and judged.usable else ""


# --- its sums --------------------------------------------------------------------------------------


def check_sums(checked: Checked) -> Iterator[Finding]:
    campaign, dossier = checked.campaign, checked.dossier
    counts = count(campaign.forms, dossier.roster)
    sheet = score(campaign.scheme, facts(campaign, dossier))
    explained = not is_blank(dossier.survey.get(REASONS, checked.blank("survey")))
    for field in campaign.forms.survey:
        yield from check_figure(field, dossier.survey, counts, explained=explained)
    for indicator in campaign.scheme.indicators:
        yield from check_score(checked, indicator, sheet.line(indicator.id), needed=True)
    for indicator in campaign.scheme.bonus:
        yield from check_score(checked, indicator, sheet.line(indicator.id), needed=False)
    for field in campaign.forms.recommendation:
        yield from check_figure(field, dossier.recommendation, counts, explained=explained)
        yield from check_total(field, dossier.recommendation, sheet)


def check_figure(
    field: Field, cells: Mapping[str, Cell], counts: Mapping[str, int], *, explained: bool
) -> Iterator[Finding]:
    """A figure equals its roster count, or annex 3 gives a reason (domain 2.2)."""
    if field.count not in counts or field.key not in cells:
        return
    cell, expected = cells[field.key], counts[field.count]
    number = read_number(cell)
    if number is not None and number != expected:
        code = "figure_explained" if explained else "figure_differs"
        yield found(code, cell, title=field.title, value=str(number), expected=str(expected))


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


STAGES: tuple[tuple[Stage, bool], ...] = (
    (check_identity, True),
    (check_structure, True),
    (check_cells, False),
    (check_rows, False),
    (check_sums, False),
)
"""The stages in order, and whether errors in one end the check."""
