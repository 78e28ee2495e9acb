"""Answers of the wrong kind, what paper shows, columns sorted alone: each told where it stands and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from rules.campaign.forms import Column, Field
from rules.dossiers.checks.check import check
from rules.dossiers.checks.findings import grouped
from rules.dossiers.dossier import Cell, Dossier, Finding, Value
from tests.rules.samples import CAMPAIGN, cell, dossier, id_number, row

FOLLOWING = (
    "figure_differs",
    "score_differs",
    "total_differs",
    "households_without_work",
    "optional_question_missing",
    "numbers_follow",
)
"""What else a changed answer makes wrong, and what the small dossier leaves out."""
WHOSE = {"town_code": "331181101", "village_code": "331181101201"}
REGISTERED = Column("registered_on", "登记日期", "date", "optional", within="life")
SURVEYED = Column("surveyed_on", "调查的日子", "date", "optional", within="survey")
LARGER = replace(
    CAMPAIGN,
    forms=replace(
        CAMPAIGN.forms,
        roster=(
            *CAMPAIGN.forms.roster,
            SURVEYED,
            REGISTERED,
            Column("surveyor", "调查人", "text", "conditional"),
            Column("phone", "联系电话", "text", "optional"),
        ),
        survey=(
            *CAMPAIGN.forms.survey,
            Field("population", "总人口", "integer", need="optional"),
            Field("households", "总户数", "integer", need="optional"),
        ),
        recommendation=(*CAMPAIGN.forms.recommendation, Field("level", "推荐级别", "text", need="optional")),
    ),
)


def told(filed: Dossier) -> list[Finding]:
    found = check(LARGER, filed, **WHOSE)
    return [one for one in found if one.code != "optional_question_missing"]


def codes(filed: Dossier) -> list[tuple[str, str]]:
    return [(one.code, one.ref) for one in told(filed)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": 12345}, "no_name"),
        ({"name": "12345"}, "no_name"),
        ({"name": "李?"}, "no_name"),
        ({"name": "李？"}, "no_name"),
        ({"name": id_number(11)}, "no_name"),
        ({"name": cell(True, kind="flag")}, "text_garbled"),
        ({"name": "李\ufffd"}, "text_garbled"),
        ({"explanation": "13800\ufffd"}, "text_garbled"),
        ({"proof": "1.38E+10"}, "text_garbled"),
        ({"name": "nan"}, "text_garbled"),
        ({"explanation": "NaN"}, "text_garbled"),
        ({"proof": "null"}, "text_garbled"),
        ({"name": "无"}, "no_name"),
        ({"name": "合 计"}, "no_name"),
        ({"name": "李*"}, "no_name"),
        ({"name": "李某某"}, "no_name"),
        ({"name": "张三、李四"}, "no_name"),
        ({"name": "张三/李四"}, "no_name"),
        ({"name": "TRUE"}, "no_name"),
        ({"name": date(2020, 1, 2)}, "no_name"),
        ({"name": "2020年1月2日"}, "no_name"),
        ({"name": "张三13800000000"}, "no_name"),
        ({"name": "王" * 5000}, "no_name"),
        ({"name": "张三 李四"}, "name_of_two"),
        ({"household": date(2020, 1, 2)}, "text_garbled"),
        ({"phone": date(2020, 1, 2)}, "text_garbled"),
        ({"phone": id_number(11)}, "phone_is_id"),
        ({"phone": f" {id_number(11)[:6]} {id_number(11)[6:]}"}, "phone_is_id"),
        ({"phone": "13800000000.0"}, "phone_odd"),
        ({"phone": "见备注"}, "phone_odd"),
        ({"phone": "1381234567"}, "phone_odd"),
        ({"phone": 138123456789}, "phone_odd"),
        ({"phone": "同上"}, "same_as_above"),
        ({"explanation": "字" * 5000}, "text_long"),
        ({"proof": "同上"}, "same_as_above"),
        ({"name": "同上"}, "same_as_above"),
        ({"name": "〃"}, "same_as_above"),
        ({"household": " 同 上 "}, "same_as_above"),
        ({"status": "登记失业"}, "answer_contradicts"),
        ({"surveyed_on": date(2020, 9, 1)}, "day_outside_campaign"),
        ({"surveyed_on": date(2020, 12, 31)}, "day_outside_campaign"),
        ({"surveyed_on": date(2016, 10, 21)}, "date_out_of_range"),
        ({"surveyed": date(2015, 10, 21)}, "date_out_of_range"),
        ({"registered_on": date(1958, 6, 1)}, "date_out_of_range"),
        ({"registered_on": date(2020, 12, 1)}, "date_out_of_range"),
        ({"registered_on": date(2121, 1, 1)}, "date_out_of_range"),
        ({"proof": "无", "groups": "残疾人"}, "says_nothing"),
        ({"proof": "nan", "groups": "残疾人"}, "text_garbled"),
        ({"surveyor": "/"}, "says_nothing"),
    ],
)
def test_answer_of_the_wrong_kind_is_told_once(changed: Mapping[str, Value | Cell], code: str) -> None:
    found = told(dossier((row(5, **changed), row(6))))
    named = [one.code for one in found if one.code not in FOLLOWING]

    assert named == [code]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "阿·买买提"),
        ("name", "欧阳 明"),
        ("name", "阿卜杜拉 买买提"),
        ("phone", "无"),
        ("phone", 13800000000.0),
        ("phone", "0571-12345678转801"),
        ("phone", "13800000000、661234"),
        ("phone", cell("", kind="blank", formula='=""')),
        ("name", "Ａ大"),
        ("name", "张3"),
        ("explanation", "TRUE"),
        ("explanation", "几月?"),
        ("explanation", "无"),
        ("registered_on", date(2015, 6, 1)),
        ("registered_on", "1985年6月1日"),
        ("registered_on", date(2020, 10, 30)),
    ],
)
def test_unusual_answer_that_may_be_right_is_left_alone(key: str, value: Value | Cell) -> None:
    assert codes(dossier((row(5, **{key: value}), row(6)))) == []


@pytest.mark.parametrize("key", ["household", "name", "id_number", "able", "phone", "explanation"])
def test_formula_that_nobody_calculated_is_told_once_with_its_cell(key: str) -> None:
    filed = dossier((row(5, **{key: cell(None, kind="blank", formula="=A1")}), row(6)))

    assert [one for one in codes(filed) if one[0] not in FOLLOWING] == [("formula_uncalculated", f"{key}5")]


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"B1.1/1": 2}, "claim_unreadable"),
        ({"B1.1/1": 5}, "claim_unreadable"),
        ({"B1.1/2": "2"}, "claim_unreadable"),
        ({"V1": 3}, "claim_unreadable"),
        ({"B1.3": cell(True, kind="flag")}, "claim_unreadable"),
        ({"B3.4": cell(False, kind="flag")}, "claim_unreadable"),
        ({"B1.1/1": "Y"}, "claim_unreadable"),
        ({"V1": "没问题"}, "claim_unreadable"),
        ({"B1.3": "√"}, "claim_unreadable"),
        ({"B1.3": "×"}, "claim_unreadable"),
        ({"B1.3": "是"}, "claim_unreadable"),
        ({"B1.3": "否"}, "claim_unreadable"),
        ({"B1.3": "1例"}, "claim_unreadable"),
        ({"B1.3": 1.5}, "claim_unreadable"),
        ({"B1.3": -1}, "claim_unreadable"),
        ({"B3.4": "6次"}, "claim_unreadable"),
        ({"B3.4": 2.5}, "claim_unreadable"),
        ({"C2": "√"}, "claim_unreadable"),
        ({"C2": "是"}, "claim_unreadable"),
        ({"C2": 2}, "claim_unreadable"),
        ({"C2": cell("#N/A", kind="error")}, "cell_error"),
        ({"B1.3": 3}, "number_too_large"),
        ({"B3.4": 100_001}, "number_too_large"),
        ({"C1": 2.5}, "number_too_large"),
    ],
)
def test_number_in_a_cell_for_yes_and_yes_in_one_for_a_number_are_asked_back(
    claims: Mapping[str, Value | Cell], code: str
) -> None:
    assert code in [one.code for one in told(dossier(claims=claims))]


@pytest.mark.parametrize(
    "claims",
    [
        {"B1.1/1": "√", "V1": "×", "V2": 0},
        {"B1.3": "无", "B1.3:score": 6},
        {"B1.3": 2, "B1.3:score": 4},
        {"C1": 1.5},
        {"C2": "无"},
        {"C2": 0},
    ],
)
def test_claim_that_can_only_mean_one_thing_is_taken(claims: Mapping[str, Value | Cell]) -> None:
    assert [one.code for one in told(dossier(claims=claims)) if one.code not in FOLLOWING] == []


def test_points_that_follow_from_an_unreadable_claim_are_not_told_beside_it() -> None:
    found = told(dossier(claims={"B1.3": "√"}))

    assert [one.code for one in found if one.sheet == "附件1 评价指标"] == ["claim_unreadable"]


def test_unreadable_claim_says_what_its_own_cell_takes() -> None:
    asked = {"B1.1/1": "请填“是”或“否”。", "C2": "请填国家、省、市中的一个（没有的填“无”）。"}
    asked |= {
        "B3.4": "请填不小于0的整数，不写单位（没有的填0）。",
        "C1": "请填不小于0的数字，不写单位（没有的填0）。",
    }

    for key, remedy in asked.items():
        [one] = [one for one in told(dossier(claims={key: "几乎"})) if one.code == "claim_unreadable"]
        assert one.message.endswith(remedy), one.message


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("head", "无", "says_nothing"),
        ("head", "同上", "says_nothing"),
        ("head", "/", "says_nothing"),
        ("head", "nan", "text_garbled"),
        ("head", "长" * 101, "text_longer"),
        ("score_a", "无", "number_unreadable"),
    ],
)
def test_answer_in_words_that_says_nothing_or_too_much_is_told(key: str, value: str, code: str) -> None:
    [one] = [one for one in told(dossier(recommendation={key: value})) if one.code not in FOLLOWING]

    assert one.code == code


def test_words_longer_than_their_own_title_allows_are_told_with_both_numbers() -> None:
    asked = Field("deeds", "做法(15字以内)", "paragraph", need="optional")
    campaign = replace(
        LARGER,
        forms=replace(LARGER.forms, recommendation=(*LARGER.forms.recommendation, asked)),
    )

    def said(text: str) -> list[str]:
        found = check(campaign, dossier(recommendation={"deeds": text}), **WHOSE)
        return [one.message for one in found if one.code == "text_longer"]

    assert said("一 二 " * 7 + "三") == []
    assert "有16个字，超过15字。" in said("字" * 16)[0]


def test_figure_beyond_any_village_is_told() -> None:
    many = [one.code for one in told(dossier(survey={"jobs_created": 100_001}))]

    assert "number_too_large" in many


# --- rows of annex 1 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["V1", "C2", "B1.1/1", "B3.4", "A1.4:score"])
def test_row_of_annex_1_that_is_gone_is_told_needed_or_not(key: str) -> None:
    claims = {name: value for name, value in dossier().claims.items() if name != key}

    told_now = [one for one in told(replace(dossier(), claims=claims)) if one.code not in FOLLOWING]

    assert [(one.code, one.severity, key.split(":")[0] in one.message) for one in told_now] == [
        ("question_missing", "error", True)
    ]


def test_many_rows_that_are_gone_are_told_at_once_and_counted() -> None:
    [one] = [one for one in told(replace(dossier(), claims={})) if one.code == "question_missing"]

    assert "等11项（" in one.message


def test_optional_questions_that_are_gone_are_told_as_one_warning() -> None:
    found = check(
        LARGER,
        replace(dossier(), recommendation={"head": cell("测试", "C4", sheet="recommendation")}),
        **WHOSE,
    )

    [one] = [one for one in found if (one.code, one.sheet) == ("optional_question_missing", "附件4 推荐表")]
    assert (one.severity, "“基本数据得分”、“推荐级别”" in one.message) == ("warning", True)


# --- formulas, formats and merged cells of annex 1 ---------------------------------------------------------


def test_points_that_no_program_calculated_are_told_once_for_all() -> None:
    never = {
        key: cell(None, f"F{n}", sheet="scores", formula="=1")
        for n, key in enumerate(dossier().claims, 4)
        if key.endswith(":score")
    }

    found = told(dossier(claims=never))

    assert {one.ref for one in found if one.code == "formula_uncalculated"} == {
        one.ref for one in never.values()
    }
    [said] = [text for first, text in grouped(found) if first.code == "formula_uncalculated"]
    assert "（同类问题共6处：" in said


def test_bonus_points_that_no_program_calculated_are_told() -> None:
    never = {"C1:score": cell(None, "F20", sheet="scores", formula="=1")}

    assert ("formula_uncalculated", "F20") in codes(dossier(claims=never))
    assert codes(dossier(claims={"C1:score": None})) == []


def test_format_of_a_score_that_misleads_is_told_whether_the_score_is_right_or_not() -> None:
    for points, others in ((14, []), (12, ["score_differs"])):
        shown = replace(cell(points, "F4", sheet="scores"), shown="95")

        there = [one.code for one in told(dossier(claims={"A1.1:score": shown})) if one.ref == "F4"]

        assert sorted(there) == sorted([*others, "format_misleads"])


@pytest.mark.parametrize("key", ["B1.3", "B1.1/2", "A1.1:score"])
def test_blank_of_annex_1_under_merged_cells_is_told_as_that(key: str) -> None:
    filed = replace(
        dossier(claims={key: cell(None, "E7", sheet="scores")}), merged=(("附件1 评价指标", "E6:E7"),)
    )

    assert [one.code for one in told(filed) if one.ref == "E7"] == ["merged_blank"]


def test_first_of_merged_cells_and_a_blank_that_need_not_be_filled_are_no_fault_of_the_merging() -> None:
    blank_bonus = replace(
        dossier(claims={"C1": cell(None, "E6", sheet="scores"), "C2": None}),
        merged=(("附件1 评价指标", "E6:E7"),),
    )

    assert [one.code for one in told(blank_bonus) if one.ref == "E6"] == []


def test_blank_that_is_needed_in_a_case_is_told_as_merged() -> None:
    short = row(6, industry=None)
    short = replace(short, cells={**short.cells, "industry": cell(None, "H6")})

    found = codes(replace(dossier((row(5), short)), merged=(("附件2 花名册", "H5:H6"),)))

    assert ("merged_blank", "H6") in found


def test_truth_value_in_a_count_is_no_number() -> None:
    truth = cell(True, "C9", sheet="survey", kind="flag")

    assert ("integer_unreadable", "C9") in codes(dossier(survey={"jobs_created": truth}))
    assert "number_unreadable" in [one.code for one in told(dossier(recommendation={"score_a": truth}))]


def test_what_a_format_shows_is_warned_of_with_both_values_and_the_value_counts() -> None:
    claims = {"B3.4": replace(cell(4, "E9"), shown="95")}

    [one] = told(dossier(claims=claims))

    assert (one.code, one.severity) == ("format_misleads", "warning")
    assert "显示为“95”，实际数值是4，按4计" in one.message


@pytest.mark.parametrize(
    ("survey", "expected"),
    [
        ({"population": 3, "households": 5}, ["fewer_than_part"]),
        ({"population": 9, "households": 5}, []),
        ({}, []),
    ],
)
def test_whole_below_its_part_is_warned_of(survey: Mapping[str, Value], expected: list[str]) -> None:
    assert [one.code for one in told(dossier(survey=survey))] == expected


@pytest.mark.parametrize(
    ("level", "expected"), [("省级", []), (" 省级", []), (None, []), ("国家级", ["level_unknown"])]
)
def test_level_that_gives_no_award_is_warned_of(level: str | None, expected: list[str]) -> None:
    assert [one.code for one in told(dossier(recommendation={"level": level}))] == expected


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        ("B4", "required_blank"),
        ("B5", "required_blank"),
        ("B6", "merged_blank"),
        ("C6", "required_blank"),
        ("AB6", "required_blank"),
    ],
)
def test_blank_under_merged_cells_is_told_as_that(ref: str, code: str) -> None:
    nameless = row(6, name=cell(None))
    nameless = replace(nameless, cells={**nameless.cells, "name": cell(None, ref)})
    filed = replace(
        dossier((row(5), nameless)), merged=(("附件3 调查表", "A1:Z9"), ("附件2 花名册", "B5:B7"))
    )

    assert (code, ref) in codes(filed)


def test_row_without_the_cell_lies_in_no_merged_range() -> None:
    short = row(6)
    short = replace(short, cells={key: one for key, one in short.cells.items() if key != "name"})

    assert ("required_blank", "第6行") in codes(
        replace(dossier((row(5), short)), merged=(("附件2 花名册", "B5:B7"),))
    )


# --- columns sorted alone ------------------------------------------------------------------------------------

NAMES = ("赵甲", "钱乙", "孙丙", "李丁", "周戊", "吴己", "郑庚", "王辛", "冯壬", "陈癸", "褚子", "卫丑")


def listed(numbers: list[str], names: list[str], *, households: list[str] | None = None) -> Dossier:
    """Three to a household, each with a number and a name; sex and age are left to the template."""
    told = households or [f"{n // 3:03d}" for n in range(len(numbers))]
    rows = [
        row(5 + n, household=told[n], id_number=number, name=name)
        for n, (number, name) in enumerate(zip(numbers, names, strict=True))
    ]
    return dossier(tuple(rows))


MIXED = [id_number(3 + 37 * n % 91, born=f"19{60 + 7 * n % 30}0307") for n in range(len(NAMES))]


@pytest.mark.parametrize("way", ["number", "number down", "name", "name by sound"])
def test_one_column_in_order_beside_households_in_order_is_suspected(way: str) -> None:
    numbers, names = list(MIXED), list(NAMES)
    if way.startswith("number"):
        numbers.sort(reverse=way.endswith("down"))
    elif way == "name":
        names.sort()
    else:
        names.sort(key=lambda name: name.encode("gb18030"))

    [one] = [one for one in told(listed(numbers, names)) if one.code == "order_suspicious"]

    assert f"的{'身份证号' if way.startswith('number') else '姓名'}从上到下正好按顺序排列" in one.message


def test_whole_sheet_in_order_of_one_column_is_suspected_of_nothing() -> None:
    households = [f"{7 * n % 5:03d}" for n in range(len(NAMES))]

    for filed in (
        listed(sorted(MIXED), list(NAMES), households=households),
        listed(list(MIXED), list(NAMES)),
        listed(sorted(MIXED)[:5], list(NAMES)[:5]),
        listed(sorted(MIXED), list(NAMES), households=["001"] * len(NAMES)),
    ):
        assert "order_suspicious" not in [one.code for one in told(filed)]
