"""One village's empty dossier: annexes 1 to 4 as sheets, made from the campaign's configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rules.campaign.campaign import AwardLevel, Campaign
from rules.campaign.forms import Column, Field, Forms
from rules.campaign.scheme import Scheme
from rules.dossiers.claims import score_key
from rules.dossiers.prefill import ROW_KEY
from rules.dossiers.tolerances import Rule, asked, rule_of
from workbooks.cells import CENTRED, FILLS, FORMATS, LEFT, dress, head, header, print_on_a4, put
from workbooks.file.package import Package, contents
from workbooks.file.quoted_styles import QuotedStyles
from workbooks.layout import (
    ANCHOR_COLUMN,
    FIELD_COLUMNS,
    FIRST_ROW,
    HEADER_ROW,
    IDENTITY_KEYS,
    IDENTITY_SHEET,
    LAST_ROSTER_ROW,
    PLACE_ROW,
    PREFILLED,
    ROW_KEY_TITLE,
    SCORE_COLUMNS,
    ScoreRow,
    choices_of,
    column_of,
    fields_of,
    score_rows,
)
from workbooks.reproducible import sealed, unzipped, zipped
from workbooks.template.fill import Answers, Filling, fill
from workbooks.template.formulas import Places, places_of, points, score_cells, totals
from workbooks.template.instructions import write_instructions
from workbooks.template.sheet_xml import Styles, with_values

Anchor = tuple[str, str, int, int]
"""(sheet title, key, row, column) of an input; of a roster column the row is its first."""

STYLES = "xl/styles.xml"
NOBODY = "-"
"""Stands in the blank where a town or village will."""
LEGEND = "黄色必填,蓝色按条件填,灰色不填(自动计算)"
HEIGHTS = {"paragraph": 130, "stamp": 64}
NOTES = {"stamp": "(签字、盖章)\n\n    年  月  日", "date": "如 2020-11-10"}


def make_template(campaign: Campaign, village_code: str, *, roster: Sequence[Answers] = ()) -> bytes:
    """The workbook for one village, with ``roster`` already in annex 2; same in, same bytes out."""
    blank = Blank(campaign.id, campaign.title, campaign.scheme, campaign.forms, campaign.awards)
    parts, sheets = parts_of(blank)
    village = campaign.village(village_code)
    town = campaign.town(village.town_code)
    place = f"{town.name} {village.name}({village.code})  {LEGEND}"
    subtitle = f"{place}  {campaign.scheme.mark}" if campaign.scheme.mark else place
    known = dict(zip(PREFILLED, (village.name, village.code, town.name), strict=True))
    filled = dict(parts)
    styles = Styles(frozenset(), QuotedStyles(parts[STYLES]))
    for form, title in campaign.forms.sheets:
        values = {(PLACE_ROW, 1): subtitle, **prefilled(campaign.forms, form, known)}
        filled[sheets[title]] = with_values(filled[sheets[title]], values, styles=styles)
    whose = {(3, 2): village.town_code, (4, 2): village.code}
    filled[sheets[IDENTITY_SHEET]] = with_values(filled[sheets[IDENTITY_SHEET]], whose, styles=styles)
    filled[STYLES] = styles.quoted.done()
    template = zipped(filled)
    return fill(template, Filling(roster=roster)) if roster else template


def make_bundle(campaign: Campaign, town_code: str) -> bytes:
    """A zip with the template of every village of a town, each under its name and code."""
    villages = [village for village in campaign.villages if village.town_code == town_code]
    return zipped({f"{one.name}({one.code}).xlsx": make_template(campaign, one.code) for one in villages})


def prefilled(forms: Forms, form: str, known: Mapping[str, str]) -> dict[tuple[int, int], str]:
    """Where annexes 3 and 4 ask what the template already knows, and the answers."""
    if form not in ("survey", "recommendation"):
        return {}
    value = column_of(FIELD_COLUMNS, "value")
    fields = enumerate(fields_of(forms, form), FIRST_ROW)
    return {(row, value): known[field.key] for row, field in fields if field.key in known}


@dataclass(frozen=True, slots=True)
class Blank:
    """What the templates of a campaign have in common, named as in ``Campaign``."""

    id: str
    title: str
    scheme: Scheme
    forms: Forms
    awards: tuple[AwardLevel, ...]


@lru_cache(maxsize=4)
def parts_of(blank: Blank) -> tuple[Mapping[str, bytes], Mapping[str, str]]:
    """The template of nobody's village: its parts by name, and the part of each sheet by title."""
    workbook = Workbook()
    del workbook["Sheet"]
    places = places_of(blank.forms, blank.scheme)
    anchors = write_scores(workbook, blank, places)
    anchors += write_roster(workbook, blank)
    for form in ("survey", "recommendation"):
        anchors += write_fields(workbook, blank, form, places)
    write_instructions(workbook, blank.forms, blank.scheme.mark)
    write_identity(workbook, blank, anchors)
    data = sealed(workbook)
    return unzipped(data), {listed.title: listed.part for listed in contents(Package(data)).sheets}


def open_sheet(workbook: Workbook, blank: Blank, form: str, columns: int) -> Worksheet:
    """A sheet with its title and room for the place; the row of column titles is left to the caller."""
    sheet: Worksheet = workbook.create_sheet(blank.forms.sheet(form))
    title = f"{blank.title} {blank.forms.sheet(form)}"
    head(sheet, title=title, below=LEGEND, mark=blank.scheme.mark, columns=columns)
    return sheet


def write_scores(workbook: Workbook, blank: Blank, places: Places) -> list[Anchor]:
    sheet = open_sheet(workbook, blank, "scores", len(SCORE_COLUMNS))
    header(sheet, HEADER_ROW, [(title, width) for _, title, width in SCORE_COLUMNS])
    anchors = []
    formulas = {
        score_key(one.id): points(one, places) for one in blank.scheme.indicators + blank.scheme.bonus
    }
    for number, row in enumerate(score_rows(blank.scheme, blank.forms), FIRST_ROW):
        anchors += write_score_row(sheet, number, row, formulas.get(row.score, ""))
    print_on_a4(sheet, landscape=False, header_row=HEADER_ROW, mark=blank.scheme.mark)
    return anchors


def write_score_row(sheet: Worksheet, number: int, row: ScoreRow, formula: str) -> list[Anchor]:
    value, score = column_of(SCORE_COLUMNS, "value"), column_of(SCORE_COLUMNS, "score")
    for column, text in enumerate((row.key, row.name, row.maximum, row.ask, None, None, row.evidence), 1):
        cell = sheet.cell(number, column)
        put(cell, text or None)
        dress(cell, alignment=LEFT if column in (2, 4, 7) else CENTRED)
    sheet.cell(number, value).fill = FILLS["required" if row.fills else "automatic"]
    sheet.cell(number, score).fill = FILLS["required" if row.score and not formula else "automatic"]
    if formula:
        sheet.cell(number, score).value = f"={formula}"
    sheet.row_dimensions[number].height = 34 if len(row.name) > 14 or len(row.ask) > 15 else 22
    if row.choices:
        offer(sheet, row.choices, f"{get_column_letter(value)}{number}")
    title = sheet.title
    inputs = [(title, row.key, number, value)] if row.fills else []
    return inputs + ([(title, row.score, number, score)] if row.score else [])


def write_roster(workbook: Workbook, blank: Blank) -> list[Anchor]:
    columns = blank.forms.roster
    sheet = open_sheet(workbook, blank, "roster", len(columns))
    header(sheet, HEADER_ROW, [(one.title, one.width) for one in columns], [one.need for one in columns])
    for number, column in enumerate(columns, 1):
        prepare_column(sheet, get_column_letter(number), column)
    print_on_a4(sheet, landscape=True, header_row=HEADER_ROW, mark=blank.scheme.mark)
    write_row_keys(sheet, len(columns) + 1)
    keys = [*(column.key for column in columns), ROW_KEY]
    return [(sheet.title, key, FIRST_ROW, number) for number, key in enumerate(keys, 1)]


def write_row_keys(sheet: Worksheet, column: int) -> None:
    """The hidden column in which prefilled rows keep where their ID number stands."""
    put(sheet.cell(HEADER_ROW, column), ROW_KEY_TITLE)
    sheet.cell(FIRST_ROW, column).number_format = FORMATS["text"]
    sheet.column_dimensions[get_column_letter(column)].hidden = True


def prepare_column(sheet: Worksheet, letter: str, column: Column) -> None:
    """Format and choices for every row to come; the first one is dressed as the pattern of all."""
    cells = f"{letter}{FIRST_ROW}:{letter}{LAST_ROSTER_ROW}"
    first = sheet[f"{letter}{FIRST_ROW}"]
    dress(first)
    if column.kind in FORMATS:
        sheet.column_dimensions[letter].number_format = FORMATS[column.kind]
        first.number_format = FORMATS[column.kind]
    if choices_of(column):
        offer(sheet, choices_of(column), cells)
    elif rule := rule_of(column.kind):
        limit(sheet, rule, cells)
    elif column.kind == "choices":
        hint(sheet, asked("choices") + ":" + "、".join(column.choices), cells)


def write_fields(workbook: Workbook, blank: Blank, form: str, places: Places) -> list[Anchor]:
    sheet = open_sheet(workbook, blank, form, len(FIELD_COLUMNS))
    header(sheet, HEADER_ROW, [(title, width) for _, title, width in FIELD_COLUMNS])
    value = column_of(FIELD_COLUMNS, "value")
    fields = fields_of(blank.forms, form)
    sums = totals(blank.scheme, score_cells(blank.forms, blank.scheme)) if form == "recommendation" else {}
    for number, field in enumerate(fields, 1):
        formula = places.number(field.count) if field.count else sums.get(field.key, "")
        write_field(sheet, number, field, formula)
    if form == "recommendation":
        levels = [award.title for award in blank.awards]
        rows = [number for number, field in enumerate(fields, FIRST_ROW) if field.key == "level"]
        for row in rows:
            offer(sheet, levels, f"{get_column_letter(value)}{row}")
    print_on_a4(sheet, landscape=False, header_row=HEADER_ROW, mark=blank.scheme.mark, pages_high=1)
    return [(sheet.title, field.key, row, value) for row, field in enumerate(fields, FIRST_ROW)]


def write_field(sheet: Worksheet, number: int, field: Field, formula: str) -> None:
    row = HEADER_ROW + number
    note = "应与花名册统计数一致" if field.count else NOTES.get(field.kind, "")
    for column, value in enumerate((number, field.title, None, note or None), 1):
        cell = sheet.cell(row, column)
        put(cell, value)
        dress(cell, alignment=CENTRED if column == 1 else LEFT)
    answer = sheet.cell(row, column_of(FIELD_COLUMNS, "value"))
    answer.fill = FILLS["automatic" if formula else field.need]
    if formula:
        answer.value = f"={formula}"
    answer.number_format = FORMATS.get(field.kind, "General")
    sheet.row_dimensions[row].height = HEIGHTS.get(field.kind, 20)
    if rule := rule_of(field.kind):
        limit(sheet, rule, answer.coordinate)


def write_identity(workbook: Workbook, blank: Blank, anchors: list[Anchor]) -> None:
    """Whose dossier this is, and where its inputs stand; out of everybody's sight."""
    sheet: Worksheet = workbook.create_sheet(IDENTITY_SHEET)
    values = (blank.id, blank.forms.version, NOBODY, NOBODY)
    for row, (key, value) in enumerate(zip(IDENTITY_KEYS, values, strict=True), 1):
        put(sheet.cell(row, 1), key)
        put(sheet.cell(row, 2), value)
    for row, (title, key, line, at) in enumerate(anchors, 1):
        for column, part in enumerate([title, key, str(line), str(at)], ANCHOR_COLUMN):
            put(sheet.cell(row, column), part)
    sheet.sheet_state = "veryHidden"


# --- what a cell takes ---------------------------------------------------------------------------------


def offer(sheet: Worksheet, choices: Sequence[str], cells: str) -> None:
    """A drop-down list; other text is refused on the spot."""
    validation = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    validation.showErrorMessage = True
    validation.errorTitle, validation.error = "请从下拉选项中选择", "、".join(choices)[:200]
    validation.add(cells)
    sheet.add_data_validation(validation)


def limit(sheet: Worksheet, rule: Rule, cells: str) -> None:
    validation = DataValidation(
        type=rule.type,  # type: ignore[arg-type]
        operator=rule.operator,  # type: ignore[arg-type]
        formula1=rule.limit,
        allow_blank=True,
    )
    validation.showErrorMessage, validation.error = True, rule.says
    validation.add(cells)
    sheet.add_data_validation(validation)


def hint(sheet: Worksheet, message: str, cells: str) -> None:
    validation = DataValidation(allow_blank=True)
    validation.showInputMessage, validation.prompt = True, message
    validation.add(cells)
    sheet.add_data_validation(validation)
