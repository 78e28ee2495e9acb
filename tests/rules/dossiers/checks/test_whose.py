"""Whose dossier it is: the hidden page, every heading, and the answers of annexes 3 and 4 say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.campaign.campaign import Village
from rules.campaign.forms import Field
from rules.dossiers.checks.check import check
from rules.dossiers.dossier import Cell, Finding
from tests.rules.samples import CAMPAIGN, cell, dossier

NEIGHBOUR = Village("331181102201", "邻村", "331181102", ("前程",))
NAMED_LIKE_A_TOWN = Village("331181101205", "示例社区", "331181101", ("示例",))
LIKE_ANOTHER = Village("331181102205", "第一社区", "331181102", ("第一",))
PLACES = (Field("village", "社区(村)名称", "text"), Field("village_code", "区划代码", "text"))
COUNTY = replace(
    CAMPAIGN,
    villages=(*CAMPAIGN.villages, NEIGHBOUR, NAMED_LIKE_A_TOWN, LIKE_ANOTHER),
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
        "依据2018年86号文件填报",
        "根据《关于2018年建设工作的意见》填写",
        "浙人社发〔2018〕86号",
        "2018年以来累计",
        "二〇二〇年示例活动",
        "2019-2020年度 附件3",
        "附件三 调查表",
        "附件1至附件4共四页",
        "本页由附件2自动统计",
        "与附件2核对一致",
        "示例市高质量就业社区(村)建设 各村汇总",
        "示例镇人民政府 第一村村民委员会",
        "示例市示例镇",
        "上省下市示例市示例镇第一村",
        "锦绣前程 第一季度",
        "联系电话 057812345678 13800000000",
        "示例镇各行政村",
        "乡镇(街道) 农村",
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
        ("二〇一九年示例活动", "other_year", "“2019年”"),
        ("二○一九年 附件3", "other_year", "“2019年”"),
        ("依据2018年文件，2019年度调查表", "other_year", "“2019年”"),
        ("附件四 推荐表", "other_form", "“附件4”"),
        ("示例镇张家村调查表", "other_heading", "“张家村”"),
        ("张家村 附件3", "other_heading", "“张家村”"),
        ("远镇", "other_heading", "“远镇”"),
        ("邻村(331181101201)", "other_heading", "“邻村”"),
        ("前程", "other_heading", "“前程”"),
        ("示例镇示例社区", "other_heading", "“示例社区”"),
    ],
)
def test_heading_of_another_place_year_or_form_is_told_with_both(heading: str, code: str, said: str) -> None:
    [one] = told(heading)

    assert (one.code, one.ref, said in one.message) == (code, "A1", True), one.message


@pytest.mark.parametrize(
    "answer",
    [
        "第一村",
        "一村",
        "示例镇第一村",
        "示例市示例镇 第一村",
        "示例市第一村",
        "示例乡第一村",
        "示例第一村",
        "上省下市示例市示例镇第一村",
        "第一村村民委员会",
        "第一村委会",
        "第一行政村",
        "331181101201",
        "第一村(331181101201)",
        "示例镇第一村（代码：331181101201）",
    ],
)
def test_village_is_named_in_several_ways(answer: str) -> None:
    assert told(village=answer) == []


@pytest.mark.parametrize(
    "answer",
    [
        "示例镇",
        "示例",
        "示例乡",
        "示例市示例镇",
        "示例市示例",
        "上省下市示例市示例镇",
        "示例镇人民政府",
        "331181101",
        "331181101000",
        "示例镇(331181101)",
    ],
)
def test_town_is_named_in_several_ways(answer: str) -> None:
    assert told(town=answer) == []


def test_village_named_like_its_town_is_told_with_and_without_it() -> None:
    def whose(answer: str) -> list[str]:
        filed = dossier(
            identity={"village_code": NAMED_LIKE_A_TOWN.code},
            survey={"village": cell(answer, "C4", sheet="survey")},
        )
        found = check(COUNTY, filed, town_code="331181101", village_code=NAMED_LIKE_A_TOWN.code)
        return [one.code for one in found if one.ref == "C4"]

    told_so = ("示例社区", "示例", "示例镇示例社区", "示例镇示例", "示例市示例镇示例社区居委会")

    assert [whose(answer) for answer in told_so] == [[]] * len(told_so)
    assert [whose(answer) for answer in ("第一村", "示例镇第一村")] == [["other_place"]] * 2


def test_identity_whose_formulas_hold_no_value_stays_refused_in_whole_sentences() -> None:
    empty = cell(None, "B1", formula="=A1")

    [one] = check(
        COUNTY, dossier(identity={"campaign": empty}), town_code="331181101", village_code="331181101201"
    )

    assert (one.code, "缺少活动编号" in one.message) == ("identity_missing", True)


@pytest.mark.parametrize("kind", ["blank", "error"])
def test_place_without_a_value_to_read_is_told_once(kind: str) -> None:
    answer = Cell("附件3 调查表", "C4", None if kind == "blank" else "#REF!", kind, "=A1")

    found = check(
        COUNTY, dossier(survey={"village": answer}), town_code="331181101", village_code="331181101201"
    )

    told_there = [one.code for one in found if one.ref == "C4"]
    assert told_there == ["formula_uncalculated" if kind == "blank" else "cell_error"]


@pytest.mark.parametrize(
    ("field", "answer", "expected"),
    [
        ("village", "邻村", "“邻村”，这份材料应是“第一村”的"),
        ("village", "邻镇第一村", "“邻镇第一村”，这份材料应是“第一村”的"),
        ("village_code", "331181102201", "“邻村(331181102201)”，这份材料应是“331181101201”的"),
        ("town", "邻镇", "“邻镇”，这份材料应是“示例镇”的"),
        ("village", "第一社区", "“第一社区”，这份材料应是“第一村”的"),
        ("village", "第一", "“第一”，这份材料应是“第一村”的"),
        ("village", "示例镇示例社区", "“示例镇示例社区”，这份材料应是“第一村”的"),
        ("village", "前程", "“前程”，这份材料应是“第一村”的"),
        ("village", "邻村(331181101201)", "“邻村(331181101201)”，这份材料应是“第一村”的"),
        ("town", "331181102", "“邻镇(331181102)”，这份材料应是“示例镇”的"),
    ],
)
def test_answer_of_another_place_is_told_where_it_stands(field: str, answer: str, expected: str) -> None:
    [one] = told(**{field: answer})

    assert (one.code, expected in one.message) == ("other_place", True), one.message


@pytest.mark.parametrize(
    ("field", "answer", "code"),
    [
        ("village", "填写", "place_unclear"),
        ("village", "示例镇", "place_unclear"),
        ("town", "示例镇第一村", "place_unclear"),
        ("village_code", "第一村", "place_unclear"),
        ("village", "某某社区", "other_place"),
    ],
)
def test_answer_that_names_no_place_is_only_warned_of(field: str, answer: str, code: str) -> None:
    assert [one.code for one in told(**{field: answer})] == [code]


def test_wrong_village_is_named_and_not_by_a_code_alone() -> None:
    filed = dossier(identity={"village_code": "331181102201"})

    [one] = check(COUNTY, filed, town_code="331181101", village_code="331181101201")

    assert "“邻村(331181102201)”的，应为“第一村(331181101201)”" in one.message
