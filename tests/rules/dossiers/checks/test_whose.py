"""Whose dossier it is: the hidden page, every heading, and the answers of annexes 3 and 4 say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.campaign.campaign import Village
from rules.campaign.forms import Field
from rules.dossiers.checks.check import check
from rules.dossiers.dossier import Cell, Finding
from tests.rules.samples import CAMPAIGN, cell, dossier

NEIGHBOUR = Village("331181102201", "邻村", "331181102", ())
PLACES = (Field("village", "社区(村)名称", "text"), Field("village_code", "区划代码", "text"))
COUNTY = replace(
    CAMPAIGN,
    villages=(*CAMPAIGN.villages, NEIGHBOUR),
    forms=replace(
        CAMPAIGN.forms,
        survey=(*CAMPAIGN.forms.survey, *PLACES),
        recommendation=(*CAMPAIGN.forms.recommendation, Field("town", "所属乡镇(街道)", "text")),
    ),
)


def told(*headings: str, **answers: str | int) -> list[Finding]:
    asked: dict[str, str | int] = {
        "village": "第一村",
        "village_code": "331181101201",
        "town": "示例镇",
        **answers,
    }
    filed = dossier(
        survey={key: cell(asked[key], "C4", sheet="survey") for key in ("village", "village_code")},
        recommendation={"town": cell(asked["town"], "C5", sheet="recommendation")},
    )
    above = tuple(Cell("附件3 调查表", f"A{n}", text, "text") for n, text in enumerate(headings, 1))
    return list(
        check(COUNTY, replace(filed, headings=above), town_code="331181101", village_code="331181101201")
    )


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "2020年示例活动 附件3 调查表",
        "示例镇 第一村(331181101201)  黄色必填",
        "示例镇 一村",
        "填表说明",
        "2019年数据对照，2020年填报",
    ],
)
def test_heading_of_this_village_or_of_none_is_right(heading: str) -> None:
    assert told(heading) == []


@pytest.mark.parametrize(
    ("heading", "code", "said"),
    [
        ("2019年示例活动 附件3 调查表", "other_year", "“2019年”，本次活动是“2020年”"),
        ("附件４ 推荐表", "other_form", "“附件4”，这一页应是“附件3”"),
        ("邻镇 邻村(331181102201)", "other_heading", "“邻村(331181102201)”"),
        ("某镇 某村(331181103209)", "other_heading", "“331181103209”"),
        ("示例镇 邻村", "other_heading", "“邻村”"),
        ("邻镇某村", "other_heading", "“邻镇”"),
    ],
)
def test_heading_of_another_place_year_or_form_is_told_with_both(heading: str, code: str, said: str) -> None:
    [one] = told(heading)

    assert (one.code, one.ref, said in one.message) == (code, "A1", True), one.message


@pytest.mark.parametrize("answer", ["第一村", "一村", "示例镇第一村", "示例市示例镇 第一村", "331181101201"])
def test_village_is_named_in_several_ways(answer: str) -> None:
    assert told(village=answer) == []


@pytest.mark.parametrize(
    ("field", "answer", "expected"),
    [
        ("village", "邻村", "“邻村”，这份材料应是“第一村”的"),
        ("village", "邻镇第一村", "“邻镇第一村”，这份材料应是“第一村”的"),
        ("village_code", "331181102201", "“邻村(331181102201)”，这份材料应是“331181101201”的"),
        ("town", "邻镇", "“邻镇”，这份材料应是“示例镇”的"),
    ],
)
def test_answer_of_another_place_is_told_where_it_stands(field: str, answer: str, expected: str) -> None:
    [one] = told(**{field: answer})

    assert (one.code, expected in one.message) == ("other_place", True), one.message


@pytest.mark.parametrize(("answer", "code"), [("填写", "place_unclear"), ("某某社区", "other_place")])
def test_answer_that_names_no_place_is_only_warned_of(answer: str, code: str) -> None:
    assert [one.code for one in told(village=answer)] == [code]


def test_wrong_village_is_named_and_not_by_a_code_alone() -> None:
    filed = dossier(identity={"village_code": "331181102201"})

    [one] = check(COUNTY, filed, town_code="331181101", village_code="331181101201")

    assert "“邻村(331181102201)”的，应为“第一村(331181101201)”" in one.message
