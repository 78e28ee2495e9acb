"""Judging a dossier: stages, findings, and what is never said."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.dossiers.checks.check import check, facts, is_acceptable
from rules.dossiers.checks.findings import WORDS, found
from rules.dossiers.checks.kinds import FINDINGS, SEVERITIES, STAGES
from rules.dossiers.dossier import Cell, Dossier, Finding, RosterRow, Value
from rules.dossiers.id_numbers import FAULTS
from tests.rules.samples import CAMPAIGN, cell, dossier, id_number, row

WHOSE = {"town_code": "331181101", "village_code": "331181101201"}
ERROR = cell("#REF!", kind="error")
UNCALCULATED = cell(None, kind="number", formula="=A1")


def checked(filed: Dossier) -> tuple[Finding, ...]:
    return check(CAMPAIGN, filed, **WHOSE)


def codes(filed: Dossier) -> list[tuple[str, str]]:
    return [(finding.code, finding.ref) for finding in checked(filed)]


def test_right_dossier_has_no_findings() -> None:
    assert checked(dossier()) == ()


def test_masked_number_that_could_not_be_joined_is_told_once_and_by_its_own_sentence() -> None:
    masked = replace(
        dossier((row(5), row(6, id_number="3311**********0019"))), unjoined={6: "id_masked_unknown"}
    )

    assert codes(masked) == [("id_masked_unknown", "id_number6")]
    assert "身份证号（****************19）" in checked(masked)[0].message


def test_facts_are_claims_own_figures_and_counts() -> None:
    assert facts(CAMPAIGN, dossier(claims={"C2": "省", "B3.4": "多"}, survey={"self_started": "二"})) == {
        "B1.1/1": 1,
        "B1.1/2": 1,
        "B1.3": 1,
        "C1": 2,
        "V1": 0,
        "V2": 0,
        "C2": 2,
        "jobs_created": 4,
        "able_and_willing": 2,
        "employed": 2,
        "graduate": 0,
        "graduate_employed": 0,
    }


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("campaign", "sample-2019", "wrong_campaign"),
        ("form_version", "2019.1", "wrong_form_version"),
        ("town_code", "邻镇", "wrong_town"),
        ("village_code", "331181101202", "wrong_village"),
        ("village_code", None, "identity_missing"),
    ],
)
def test_wrong_identity_is_all_that_is_said(key: str, value: Value, code: str) -> None:
    filed = dossier((), identity={key: value}, missing_sheets=("survey",))

    assert codes(filed) == [(code, "@campaign" if code == "identity_missing" else f"@{key}")]


def test_identity_by_alias_or_name_is_accepted() -> None:
    assert checked(dossier(identity={"town_code": "示例乡", "village_code": "第一村"})) == ()


def test_identity_cell_that_is_gone_is_missing() -> None:
    assert [finding.code for finding in checked(replace(dossier(), identity={}))] == ["identity_missing"]


def test_missing_parts_are_all_that_is_said() -> None:
    filed = dossier((), missing_sheets=("survey", "封面"), missing_columns=("able", "备用列"))

    assert [finding.message for finding in checked(filed)] == [
        "缺少工作表“附件3 调查表”（文件里没有与它相像的工作表）。请把页名改回模板的写法；删除了的，请从模板补上。",
        "缺少工作表“封面”（文件里没有与它相像的工作表）。请把页名改回模板的写法；删除了的，请从模板补上。",
        "“附件2 花名册”缺少列“劳动能力与意愿”、“备用列”（没有发现改过名的）。请把列名改回模板的写法，不要删除列。",
    ]


def test_missing_optional_column_only_warns() -> None:
    findings = checked(dossier(missing_columns=("户编号",)))

    assert [finding.code for finding in findings] == ["missing_optional_column"]
    assert is_acceptable(findings)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": None}, [("required_blank", "name5")]),
        ({"industry": None}, [("needed_blank", "industry5")]),
        ({"status": "登记失业", "industry": None}, []),
        ({"groups": "残疾人"}, [("needed_blank", "第5行")]),
        ({"able": ERROR}, [("cell_error", "able5")]),
        ({"name": UNCALCULATED}, [("formula_uncalculated", "name5")]),
        ({"industry": "四"}, [("choice_unknown", "industry5")]),
        ({"groups": "高校毕业生、其他"}, [("choices_unknown", "groups5")]),
        ({"surveyed": "昨天"}, [("date_unreadable", "surveyed5")]),
        ({"sex": "男", "age": "30"}, []),
        ({"sex": "男 ", "age": "３０"}, []),
        ({"sex": "女", "age": 31.0}, [("derived_differs", "sex5"), ("derived_differs", "age5")]),
        ({"sex": cell("女", formula="=IF(1,1)")}, []),
        ({"sex": "女", "id_number": "331199199003070018"}, [("id_check_digit", "id_number5")]),
    ],
)
def test_roster_cell_is_found_where_it_stands(
    changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    cells = [one for one in codes(dossier((row(5, **changed), row(6)))) if one[1].endswith(("5", "5行"))]

    assert cells == expected


def test_needed_blank_says_when_it_is_needed() -> None:
    (finding,) = checked(dossier((row(5, industry=None), row(6))))

    assert finding.message == "“附件2 花名册”industry5：产业没有填写；就业状态为“已就业”时必须填写。请补填。"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"B1.3": None, "B1.3:score": 6}, [("claim_blank", "@B1.3")]),
        ({"C1": None}, []),
        ({"C2": "乡", "B1.1/1": "也许", "B1.1:score": 2}, ["B1.1/1", "C2"]),
        ({"B3.4": UNCALCULATED, "B3.4:score": 0}, [("formula_uncalculated", "")]),
        ({"A1.1:score": None}, [("score_blank", "@A1.1:score")]),
        ({"A1.1:score": UNCALCULATED, "C1:score": 2}, [("formula_uncalculated", "")]),
        ({"A1.1:score": "满分"}, [("number_unreadable", "@A1.1:score")]),
        ({"A1.1:score": 12}, [("score_differs", "@A1.1:score")]),
    ],
)
def test_claim_is_found_where_it_stands(changed: dict[str, Any], expected: list[Any]) -> None:
    wanted = [("claim_unreadable", f"@{one}") if isinstance(one, str) else one for one in expected]

    findings = codes(dossier(claims=changed))

    assert [one for one in findings if one[0] != "total_differs"] == wanted


def test_self_score_that_differs_says_how_it_adds_up() -> None:
    (finding,) = checked(dossier(claims={"A1.1:score": 12}))

    assert finding.message == (
        "“附件1 评价指标”@A1.1:score：劳动者就业率填12.00分，"
        "按所填数据应为14.00分（2/2=100.00%，满分）。请改正得分或数据。"
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"survey": {"able_total": 3}}, [("figure_differs", "@able_total")]),
        ({"survey": {"able_total": 3, "reasons": "一人迁出"}}, [("figure_explained", "@able_total")]),
        ({"survey": {"able_total": 3, "reasons": "无"}}, [("figure_differs", "@able_total")]),
        ({"survey": {"able_total": 3, "reasons": " / "}}, [("figure_differs", "@able_total")]),
        ({"survey": {"able_total": 3, "reasons": "同上。"}}, [("figure_differs", "@able_total")]),
        ({"survey": {"able_total": "三"}}, [("integer_unreadable", "@able_total")]),
        ({"survey": {"able_total": None}}, [("required_blank", "@able_total")]),
        ({"survey": {"reasons": UNCALCULATED}}, [("formula_uncalculated", "")]),
        ({"recommendation": {"total": 35}}, [("total_differs", "@total")]),
        ({"recommendation": {"total": "高"}}, [("number_unreadable", "@total")]),
        ({"recommendation": {"score_a": 19.5}}, []),
        ({"recommendation": {"score_a": 18}}, [("total_differs", "@score_a")]),
    ],
)
def test_figures_of_annexes_3_and_4_must_agree(
    changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert codes(dossier(**changed)) == expected


def test_field_that_is_gone_is_named_with_what_may_stand_for_it() -> None:
    other = {"survey": (cell("创业户", "B9", sheet="survey"),)}
    filed = replace(dossier(), recommendation={}, survey={}, strangers=other)

    told = [one.message for one in checked(filed) if one.code == "question_missing"]

    assert len(told) == 5
    assert told[0].startswith(
        "“附件3 调查表”里找不到项目“有能力有意愿人数”（B9“创业户”不在模板里，可能是改过名的）。"
    )
    assert "（没有发现改过名的）" in told[-1]


def test_optional_field_that_is_gone_or_blank_is_nobodys_business() -> None:
    assert codes(dossier(survey={"reasons": None}, recommendation={"score_a": None})) == []


def test_row_of_annex_1_that_is_gone_is_named_by_its_number() -> None:
    claims = {key: value for key, value in dossier().claims.items() if key not in ("B1.3", "A1.1:score")}

    [told] = [
        one.message for one in checked(replace(dossier(), claims=claims)) if one.code == "question_missing"
    ]

    assert told.split("（")[0] == ("“附件1 评价指标”里找不到项目“B1.3 基础台账动态更新”、“A1.1 劳动者就业率”")


def test_empty_roster_is_an_error() -> None:
    assert ("roster_empty", "") in codes(dossier(()))


def test_same_number_twice_names_the_first_row_and_hides_the_number() -> None:
    twice = id_number(11)
    (finding,) = checked(dossier((row(5, id_number=twice), row(6, id_number=twice))))

    assert (finding.code, finding.ref) == ("duplicate_id", "id_number6")
    assert finding.message.endswith(
        f"身份证号（{'*' * 16}{twice[-2:]}）与第5行重复。请删除重复的一行，或对照证件改正号码。"
    )


def test_row_without_an_id_cell_is_no_duplicate() -> None:
    def bare(number: int) -> RosterRow:
        kept = {key: one for key, one in row(number).cells.items() if key != "id_number"}
        return RosterRow(number, kept)

    assert codes(dossier((bare(5), bare(6)))) == [("required_blank", "第5行"), ("required_blank", "第6行")]


def test_household_without_work_is_a_warning() -> None:
    findings = checked(dossier((row(5), row(6, status="登记失业", industry=None))))

    assert ("households_without_work", "warning") in [(one.code, one.severity) for one in findings]


def test_corrected_number_does_not_stop_the_dossier() -> None:
    findings = checked(dossier((row(5, id_number=f"'{id_number(11)} "), row(6))))

    assert [(one.code, one.severity) for one in findings] == [("id_corrected", "corrected")]
    assert findings[0].message.endswith("已自动整理：去掉撇号。请核对，无误则不必修改。")
    assert is_acceptable(findings)


def test_every_sentence_can_be_said_and_every_fault_has_one() -> None:
    messages = [found(code, cell("x"), **{**WORDS, "rows": ""}).message for code in FINDINGS]

    assert all(message.endswith("。") and "{" not in message for message in messages)
    assert {code for code, _ in FAULTS} <= set(FINDINGS)
    assert {kind.severity for kind in FINDINGS.values()} == set(SEVERITIES) - {"trial"}
    assert {kind.stage for kind in FINDINGS.values()} == set(STAGES)


typed_numbers = some.builds(
    lambda serial, joint: joint.join((lambda n: (n[:6], n[6:14], n[14:]))(id_number(serial))),
    some.integers(0, 998),
    some.sampled_from(["", " ", "-", ".", "\u3000", "\u200b", "'"]),
)
places = some.sampled_from(["name", "id_number", "able", "industry", "groups", "surveyed", "sex", "age"])


@given(typed_numbers, places)
def test_no_message_ever_holds_a_full_number(typed: str, place: str) -> None:
    wrong: dict[str, Cell | Value] = {place: typed}
    findings = checked(
        dossier(
            (row(5, **wrong), row(6, id_number=typed), row(7, id_number=typed)),
            identity={"campaign": "sample-2020"},
            claims={"B1.3": typed, "B3.4": typed, "A1.1:score": typed},
            survey={"able_total": typed},
            recommendation={"total": typed},
        )
    )

    assert findings
    for finding in findings:
        assert not re.search(r"\d{15}", re.sub(r"[^\dX\u4e00-\u9fff]", "", finding.message)), finding


def test_fractions_of_points_are_compared_as_shown() -> None:
    claims = {"B3.4": 1, "B3.4:score": 0.75}

    assert codes(dossier(claims=claims, recommendation={"total": str(float(Fraction(129, 4)))})) == []
