"""What a template does by itself: formulas, instructions, drop-downs, and a whole town's at once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook

from rules.dossiers.dossier import Value
from tests.workbooks.office import converted, needs_office
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, VILLAGE, id_number
from workbooks.confined.examine import examine
from workbooks.template.fill import Filling, fill
from workbooks.template.instructions import TITLE
from workbooks.template.template import make_bundle, make_template

ABLE = "有能力有意愿"


def person(n: int) -> dict[str, Value]:
    """Somebody at work; every third is outside the labour force, every fifth is looking for work."""
    common: dict[str, Value] = {
        "household": f"{n // 2:04d}", "name": f"测试{n}", "id_number": id_number(n), "residence": "本村常住",
        "education": "初中", "surveyed_on": CAMPAIGN.survey_day, "surveyor": "驻村干部",
    }  # fmt: skip
    if n % 3 == 2:
        return common | {"ability": "在校学生", "status": "不在劳动力"}
    if n % 5 == 0:
        registered: dict[str, Value] = {"groups": "残疾人、登记失业", "registered_on": CAMPAIGN.survey_day}
        return common | registered | {"ability": ABLE, "status": "登记失业"}
    job: dict[str, Value] = {
        "form": ("个体/创业", "务农")[n % 2], "industry": "一二三"[n % 3], "place": "本镇",
        "six_months": "是", "insurance": ("职工", "无")[n % 2], "certificate": ("中级", "无")[n % 4 > 0],
    }  # fmt: skip
    return (
        common | job | {"ability": ABLE, "status": "已就业", "groups": "高校毕业生" if n % 7 == 0 else None}
    )


def typed_by_hand() -> Filling:
    """What a clerk types: the roster, own figures and inputs, and nothing that a formula gives."""
    scheme, forms = CAMPAIGN.scheme, CAMPAIGN.forms
    claims: dict[str, Value] = {}
    for one in scheme.indicators:
        claims |= {f"{one.id}/{n}": ("是", "否")[n % 2] for n in range(1, len(one.items) + 1)}
        if not one.items and not one.denominator:
            claims[one.id] = 2
    kinds: dict[str, Value] = {"integer": 3, "number": 45.5, "date": CAMPAIGN.survey_day}
    survey = {one.key: kinds.get(one.kind, "填写") for one in forms.survey if not one.count}
    survey |= {"zero_found": 3, "zero_cleared": 1, "zero_now": 2, "jobs_created": 20, "reasons": None}
    computed = ("score_a", "score_b", "bonus", "total")
    return Filling(
        roster=[person(n) for n in range(30)],
        claims={**claims, "C2": "省"},
        survey=survey,
        recommendation={one.key: "填写" for one in forms.recommendation if one.key not in computed},
    )


@needs_office
def test_formulas_give_what_the_intake_computes(tmp_path: Path) -> None:
    data = converted(fill(TEMPLATE, typed_by_hand()), tmp_path, "xlsx:Calc MS Excel 2007 XML")

    understood = examine(data, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code)

    assert [one.message for one in understood.findings if one.severity == "error"] == []
    assert len(understood.people) == 30


@needs_office
def test_figure_of_people_counts_neither_totals_nor_formulas_that_give_nothing(tmp_path: Path) -> None:
    workbook, saved = load_workbook(BytesIO(fill(TEMPLATE, typed_by_hand()))), BytesIO()
    for row, name in enumerate(('=IF(A1="","","")', "合计", "填表人：张三", "备注：一式两份"), 34):
        workbook.worksheets[1].cell(row, 3).value = name
    workbook.save(saved)

    data = converted(saved.getvalue(), tmp_path, "xlsx:Calc MS Excel 2007 XML")

    told = examine(data, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code)
    assert ([one.message for one in told.findings if one.severity == "error"], len(told.people)) == ([], 30)
    assert "rows_not_read" in [one.code for one in told.findings]


def test_every_indicator_and_every_counted_figure_has_a_formula() -> None:
    workbook = load_workbook(BytesIO(TEMPLATE))
    scores, survey = workbook.worksheets[0], workbook.worksheets[2]

    assert sum(str(row[5].value).startswith("=") for row in scores.iter_rows(min_row=4)) == len(
        CAMPAIGN.scheme.indicators + CAMPAIGN.scheme.bonus
    )
    assert sum(str(row[2].value).startswith("=") for row in survey.iter_rows(min_row=4)) == sum(
        bool(field.count) for field in CAMPAIGN.forms.survey
    )


def test_id_column_is_text_with_a_length_rule() -> None:
    sheet = load_workbook(BytesIO(TEMPLATE)).worksheets[1]

    rules = [(one.type, one.formula1) for one in sheet.data_validations.dataValidation if "D4" in one.sqref]
    assert (sheet["D4"].number_format, sheet.column_dimensions["D"].number_format) == ("@", "@")
    assert rules == [("textLength", "18")]


def test_instructions_name_every_question_and_every_finding() -> None:
    sheet = load_workbook(BytesIO(TEMPLATE))[TITLE]
    told = {str(row[1].value) for row in sheet.iter_rows(min_row=4)}

    asked = [*CAMPAIGN.forms.roster, *CAMPAIGN.forms.survey, *CAMPAIGN.forms.recommendation]
    assert {one.title for one in asked} | {"id_truncated", "figure_differs"} <= told


def test_bundle_holds_the_template_of_every_village_of_the_town() -> None:
    villages = [one for one in CAMPAIGN.villages if one.town_code == VILLAGE.town_code]

    with ZipFile(BytesIO(make_bundle(CAMPAIGN, VILLAGE.town_code))) as bundle:
        assert bundle.namelist() == [f"{one.name}({one.code}).xlsx" for one in villages]
        assert bundle.read(bundle.namelist()[-1]) == make_template(CAMPAIGN, villages[-1].code)
