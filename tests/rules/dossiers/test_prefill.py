"""What of last year's roster stands in this year's template."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.campaign.forms import Column
from rules.dossiers.dossier import Value
from rules.dossiers.prefill import ROW_KEY, Earlier, fits, prefilled_rows, row_key
from tests.rules.samples import CAMPAIGN

NUMBER = "331199199003070019"
COLUMNS = (
    Column("seq", "序号", "integer", "automatic"),
    Column("name", "姓名", "text", "required"),
    Column("id_number", "身份证号", "id_number", "required"),
    Column("sex", "性别", "choice", "automatic", ("男", "女")),
    Column("age", "年龄", "integer", "automatic"),
    Column("total", "合计", "integer", "automatic"),
    Column("status", "就业状态", "choice", "required", ("已就业", "失业")),
    Column("since", "登记日期", "date", "optional"),
    Column("surveyed_on", "调查日期", "date", "required"),
    Column("surveyor", "调查人", "text", "required"),
)


def test_prefilled_row_is_masked_carried_over_and_derived_on_the_new_survey_day() -> None:
    campaign = replace(CAMPAIGN, survey_day=date(2021, 10, 23), forms=replace(CAMPAIGN.forms, roster=COLUMNS))
    answers: dict[str, Value] = {
        "name": "叶春 ", "status": "已就业", "since": date(2020, 1, 2), "surveyed_on": date(2020, 10, 20),
        "surveyor": "驻村干部", "age": 30, "total": 5, "seq": 9,
    }  # fmt: skip

    [row] = prefilled_rows(campaign, [Earlier("7.4", NUMBER, answers)])

    assert row == {
        "seq": 1,
        "name": "叶春 ",
        "id_number": "****************19",
        "sex": "男",
        "age": 31,
        "status": "已就业",
        "since": date(2020, 1, 2),
        ROW_KEY: row_key("7.4", "叶春"),
    }


@pytest.mark.parametrize(
    ("kind", "answer", "taken"),
    [
        ("choice", "已就业", True),
        ("choice", "退休", False),
        ("choice", None, True),
        ("choices", "已就业、失业", True),
        ("choices", "已就业,退休", False),
        ("text", "退休", True),
    ],
)
def test_answer_that_this_years_form_does_not_offer_is_left_out(
    kind: str, answer: Value, taken: bool
) -> None:
    assert fits(Column("x", "x", kind, "required", ("已就业", "失业")), answer) is taken
