"""What was typed on a page instead of into a template: the very workbook that the template would be, filled by hand."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from io import StringIO

from rules.campaign.campaign import Campaign
from rules.campaign.forms import Column, Field, Forms
from rules.campaign.scoring import score
from rules.dossiers.cell_values import read_date
from rules.dossiers.checks.check import facts
from rules.dossiers.claims import score_key
from rules.dossiers.dossier import Cell, Dossier
from rules.dossiers.roster import count
from rules.dossiers.tolerances import folded
from rules.refusals import Refused
from workbooks.layout import PREFILLED, fields_of, score_rows
from workbooks.read.dossier import read_dossier
from workbooks.template.fill import Answers, Filling, fill
from workbooks.template.sheet_xml import Answer
from workbooks.template.template import make_template

Row = Mapping[str, str]
"""One person: column key -> what was typed."""
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
HEADER_AT_LEAST = 2
"""So many titles of columns in the first line make it a heading."""
MOST_ROWS = 5000
COMPUTED = "number"
"""The kind of annex 4's sums, which the template reckons."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as text, by the keys of ``Filling``."""

    claims: Mapping[str, str] = field(default_factory=dict)
    survey: Mapping[str, str] = field(default_factory=dict)
    recommendation: Mapping[str, str] = field(default_factory=dict)
    roster: Sequence[Row] = ()


def asked_fields(forms: Forms, form: str) -> tuple[Field, ...]:
    """The answers of annex 3 or 4 that are typed: not what the template knows, reckons or leaves for a stamp."""
    fields = fields_of(forms, form)
    sums = form == "recommendation"
    return tuple(
        one
        for one in fields
        if one.key not in PREFILLED
        and not one.count
        and one.kind != "stamp"
        and not (sums and one.kind == COMPUTED)
    )


def workbook_of(campaign: Campaign, village_code: str, typed: Typed) -> bytes | Refused:
    """The template of the village filled with ``typed``; what formulas reckon there is reckoned here."""
    template, plain = make_template(campaign, village_code), _plain_filling(campaign, typed)
    read = read_dossier(fill(template, plain), campaign)
    return read if isinstance(read, Refused) else fill(template, _reckoned(campaign, plain, read))


def _plain_filling(campaign: Campaign, typed: Typed) -> Filling:
    forms = campaign.forms
    kinds = {one.key: one.kind for one in forms.roster}
    return Filling(
        roster=[{key: answer(kinds[key], text) for key, text in row.items()} for row in typed.roster],
        claims={key: _number_or_word(text) for key, text in typed.claims.items() if text},
        survey=_answers(forms, "survey", typed.survey),
        recommendation=_answers(forms, "recommendation", typed.recommendation),
    )


def _answers(forms: Forms, form: str, typed: Mapping[str, str]) -> Answers:
    asked = {one.key: one.kind for one in asked_fields(forms, form)}
    return {key: answer(asked[key], text) for key, text in typed.items() if text and key in asked}


def _reckoned(campaign: Campaign, plain: Filling, read: Dossier) -> Filling:
    counts = count(campaign.forms, read.roster)
    sheet = score(campaign.scheme, facts(campaign, read, counts))
    points = {score_key(line.indicator_id): float(line.points) for line in sheet.lines}
    places = {row.score for row in score_rows(campaign.scheme, campaign.forms)}
    sums = {one.key for one in campaign.forms.recommendation if one.kind == COMPUTED}
    return Filling(
        roster=plain.roster,
        claims={**plain.claims, **{key: number for key, number in points.items() if key in places}},
        survey={
            **plain.survey,
            **{one.key: counts[one.count] for one in campaign.forms.survey if one.count},
        },
        recommendation={
            **plain.recommendation,
            **{key: float(number) for key, number in sheet.figures.items() if key in sums},
        },
    )


def answer(kind: str, text: str) -> Answer:
    """A text as a spreadsheet takes it in a cell of this kind; what is none stays text, for the checks to say so."""
    if kind in ("integer", "number"):
        return _number_or_word(text)
    if kind == "date":
        return read_date(Cell("", "", text, "text")) or text
    return text


def _number_or_word(text: str) -> Answer:
    if not NUMBER.fullmatch(text):
        return text
    exact = Fraction(text)
    return exact.numerator if exact.denominator == 1 else float(exact)


# --- a roster that was copied out of a spreadsheet ------------------------------------------------


def pasted_rows(forms: Forms, text: str) -> list[Row] | Refused:
    """Lines with tabs, with or without the line of titles; nothing of them where a column is not known."""
    try:
        lines = [line for line in _lines(text) if any(line)]
    except csv.Error:
        return Refused(
            "pasted_quote",
            "没有读入：有一格太长，多半是某格以英文双引号开头而没有收尾。请删去这个引号后重新粘贴。",
        )
    if len(lines) > MOST_ROWS:
        return Refused("pasted_many", f"一次最多粘贴{MOST_ROWS}行，请分几次粘贴或改用Excel模板。")
    columns = _columns_of(forms, lines)
    if isinstance(columns, Refused):
        return columns
    return [dict(_cells(columns, line)) for line in lines[1 if _is_heading(forms, lines) else 0 :]]


def _lines(text: str) -> Iterator[list[str]]:
    for line in csv.reader(StringIO(text, newline=""), delimiter="\t"):
        yield [" ".join(cell.split("\n")).strip() for cell in line]


def _cells(columns: Sequence[str], line: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((key, cell) for key, cell in zip(columns, line, strict=False) if key and cell)


def _is_heading(forms: Forms, lines: Sequence[Sequence[str]]) -> bool:
    titles = {folded(one.title) for one in forms.roster}
    return bool(lines) and sum(folded(cell) in titles for cell in lines[0]) >= HEADER_AT_LEAST


def _columns_of(forms: Forms, lines: Sequence[Sequence[str]]) -> list[str] | Refused:
    """Which column each cell of a line is of; empty for one that has no title and nothing in it."""
    if not lines:
        return Refused("pasted_nothing", "没有读到任何内容。请在表格里选中几行，复制后粘贴到框里。")
    if _is_heading(forms, lines):
        return _titled(forms, lines[0])
    widest = max(map(len, lines))
    typed = [one.key for one in forms.roster if one.need != "automatic"]
    columns = (
        typed if widest <= len(typed) and _begins_typed(forms, lines) else [one.key for one in forms.roster]
    )
    if widest > len(columns):
        return Refused(
            "pasted_wide", f"粘贴的内容有{widest}列，花名册只有{len(columns)}列。请连同表头一起复制。"
        )
    return columns


def _begins_typed(forms: Forms, lines: Sequence[Sequence[str]]) -> bool:
    """Whether the identity numbers stand where they do without the columns that are reckoned."""
    typed = [one for one in forms.roster if one.need != "automatic"]
    place = next((n for n, one in enumerate(typed) if one.kind == "id_number"), 0)
    return sum(len(line) > place and len(line[place]) >= 15 for line in lines) * 2 >= len(lines)


def _titled(forms: Forms, heading: Sequence[str]) -> list[str] | Refused:
    known = {folded(one.title): one.key for one in forms.roster}
    strangers = [cell for cell in heading if cell and folded(cell) not in known]
    if strangers:
        return Refused(
            "pasted_columns",
            f"没有读入：表头里有花名册没有的列“{'”“'.join(strangers[:5])}”。请删去这些列，或改成花名册的列名。",
        )
    return [known.get(folded(cell), "") for cell in heading]


def typed_columns(forms: Forms) -> tuple[Column, ...]:
    """The columns that somebody fills for one person."""
    return tuple(one for one in forms.roster if one.need != "automatic")
