"""The page of instructions in every template, from the same definitions as the checks."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from rules.campaign.forms import Ages, Column, Field, Forms
from rules.dossiers.checks.findings import plain
from rules.dossiers.checks.kinds import FINDINGS, SEVERITIES, STAGES
from rules.dossiers.tolerances import TOLERANCES, asked
from workbooks.cells import FILLS, LEFT, dress, head, header, print_on_a4, put
from workbooks.layout import FIRST_ROW, HEADER_ROW, INSTRUCTIONS_SHEET

TITLE = INSTRUCTIONS_SHEET
COLUMNS = (("附件", 16), ("项目", 26), ("是否必填", 12), ("怎么填", 62))

NEEDS = {"required": "必填", "conditional": "按条件必填", "optional": "选填", "automatic": "不填"}

Line = tuple[str, str, str, str]


def write_instructions(workbook: Workbook, forms: Forms, mark: str) -> None:
    sheet: Worksheet = workbook.create_sheet(TITLE)
    head(sheet, title=TITLE, below="先填花名册,其余附件的人数和得分随之算出", mark=mark, columns=len(COLUMNS))
    header(sheet, HEADER_ROW, COLUMNS)
    for number, (line, need) in enumerate(lines(forms), FIRST_ROW):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(number, column)
            put(cell, text or None)
            dress(cell, alignment=LEFT)
        sheet.cell(number, 3).fill = FILLS[need]
        sheet.row_dimensions[number].height = 18 * (1 + len(line[3]) // 34)
    print_on_a4(sheet, landscape=False, header_row=HEADER_ROW, mark=mark)


def lines(forms: Forms) -> Iterator[tuple[Line, str]]:
    """Every question with how to answer it, then every finding a dossier may get; each with its need."""
    for column in forms.roster:
        line = (forms.sheet("roster"), column.title, NEEDS[column.need], how_column(forms, column))
        yield line, column.need
    for form, fields in (("survey", forms.survey), ("recommendation", forms.recommendation)):
        for field in fields:
            yield (forms.sheet(form), field.title, NEEDS[field.need], how_field(forms, field)), field.need
    for ages in forms.ages:
        yield ("劳动年龄", ages.sex, "", span(ages)), "optional"
    for one in TOLERANCES.values():
        if one.takes:
            yield ("写法", one.title, "", one.takes), "optional"
    for code, kind in FINDINGS.items():
        yield (STAGES[kind.stage], code, SEVERITIES[kind.severity], plain(kind.sentence)), "optional"


def how_column(forms: Forms, column: Column) -> str:
    choices = ":" + "、".join(column.choices) if column.choices else ""
    parts = [asked(column.kind) + choices]
    if column.needed_when:
        key, values = column.needed_when
        title = next(one.title for one in forms.roster if one.key == key)
        parts.append(f"{title}为{'或'.join(values)}时必填")
    if column.need == "automatic":
        parts.append("由身份证号得出,可以不填")
    return ";".join(part for part in parts if part)


def how_field(forms: Forms, field: Field) -> str:
    titles = {count.key: count.title for count in forms.counts}
    counted = f"自动统计花名册的“{titles[field.count]}”,改动须写明原因" if field.count else ""
    return ";".join(part for part in (asked(field.kind), counted) if part)


def span(ages: Ages) -> str:
    return f"{ages.youngest}至{ages.oldest}周岁(以调查日计),超出的只提醒"
