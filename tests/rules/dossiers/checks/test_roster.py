"""The roster as a whole, the rows and the sums between the forms: what only shows beside something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.campaign.forms import Ages, Forms, Sum
from rules.dossiers.checks.check import check, explained_rows, is_acceptable
from rules.dossiers.dossier import Dossier, Finding, Oddity, RosterRow, Value
from rules.dossiers.prefill import row_key
from tests.rules.samples import ABLE, CAMPAIGN, FORMS, cell, dossier, id_number, row

WHOSE = {"town_code": "331181101", "village_code": "331181101201"}


def checked(filed: Dossier, **forms: Any) -> tuple[Finding, ...]:
    changed: Forms = replace(FORMS, **forms)
    return check(replace(CAMPAIGN, forms=changed), filed, **WHOSE)


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.ref) for one in findings]


def test_same_number_twice_with_an_explanation_only_warns() -> None:
    twice = id_number(11)
    filed = dossier((row(5, id_number=twice, explanation="公安机关证明重号"), row(6, id_number=twice)))

    findings = checked(filed)

    assert told(findings) == [("duplicate_id_explained", "id_number6")]
    assert (is_acceptable(findings), explained_rows(filed)) == (True, (5,))


@pytest.mark.parametrize(
    ("born", "sex", "note", "expected"),
    [
        ("20041101", 1, None, [("age_outside", "id_number5")]),
        ("20041101", 1, "已满16周岁并就业", []),
        ("20041030", 1, None, []),
        ("19641101", 2, None, []),
        ("19641030", 2, None, [("age_outside", "id_number5")]),
        ("19641030", 1, None, []),
    ],
)
def test_person_outside_working_age_is_a_warning(
    born: str, sex: int, note: Value, expected: list[tuple[str, str]]
) -> None:
    ages = (Ages("男", 16, 60), Ages("女", 16, 55))
    filed = dossier((row(5, id_number=id_number(sex, born=born), explanation=note), row(6)))

    assert told(checked(filed, ages=ages)) == expected


def test_column_sorted_by_itself_is_suspected() -> None:
    rows = tuple(row(n, sex="女") for n in range(5, 11))

    findings = checked(dossier(rows))

    assert [one.code for one in findings].count("derived_differs") == 6
    [slipped] = [one for one in findings if one.code == "column_shifted"]
    assert "6行的性别或年龄" in slipped.message
    assert "第5行、第6行" in slipped.message


@pytest.mark.parametrize(
    ("sex", "age"),
    [
        ("男性", "30岁"),
        ("男", "３０周岁"),
        (1, 30),
        ("m", 30),
        ("成年", None),
        ("男", 31),
        ("男", 28.0),
        (None, "三十"),
    ],
)
def test_other_words_for_a_sex_or_an_age_are_no_column_that_slipped(sex: Value, age: Value) -> None:
    findings = checked(dossier(tuple(row(n, sex=sex, age=age) for n in range(5, 15))))

    assert "column_shifted" not in [one.code for one in findings]
    assert ("derived_differs" in [one.code for one in findings]) == (
        sex == "成年" or age in (31, 28.0, "三十")
    )


@pytest.mark.parametrize("changed", [{"sex": "女性"}, {"age": "33岁"}, {"age": 27}])
def test_sex_or_age_of_somebody_else_is_a_column_that_slipped_however_it_is_written(
    changed: dict[str, Value],
) -> None:
    findings = checked(dossier(tuple(row(n, **changed) for n in range(5, 15))))

    assert "column_shifted" in [one.code for one in findings]


@pytest.mark.parametrize(("first", "last"), [("1", "12"), ("0001", "0012")])
@pytest.mark.parametrize("doubles", [0, 2])
def test_names_in_order_are_suspected_though_some_are_alike(first: str, last: str, doubles: int) -> None:
    names = [f"测试{n:02}" for n in range(12)]
    names[3 : 3 + doubles] = names[3:4] * doubles
    numbers = [str(n).zfill(len(first)) for n in range(int(first), int(last) + 1)]
    rows = tuple(
        row(5 + n, name=name, household=household)
        for n, (name, household) in enumerate(zip(names, numbers, strict=True))
    )

    assert "“附件2 花名册”的姓名从上到下正好按顺序排列" in " ".join(
        one.message for one in checked(dossier(rows))
    )


def test_few_names_in_order_are_nothing() -> None:
    rows = tuple(row(5 + n, name=f"测试{n // 2}", household=str(n)) for n in range(12))

    assert "的姓名从上到下" not in " ".join(one.message for one in checked(dossier(rows)))


def prefilled(names: list[str], keys: list[str | None]) -> Dossier:
    return dossier(
        tuple(
            row(5 + n, name=name, row_key=key if key is None else row_key(f"7.{n}", key))
            for n, (name, key) in enumerate(zip(names, keys, strict=True))
        )
    )


@pytest.mark.parametrize("twice", [False, True])
def test_names_beside_the_keys_of_other_rows_were_moved_though_some_are_alike(twice: bool) -> None:
    names = ["赵", "李", "李" if twice else "孙", "周", "吴", "郑"]

    [moved] = [one for one in checked(prefilled(sorted(names), [*names])) if one.code == "names_moved"]

    assert (moved.severity, "预填时另一行的" in moved.message) == ("warning", True)


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["赵", "钱", "孙", "李"], ["赵", "钱", "孙", "李"]),
        (["甲", "乙", "丙", "丁"], ["赵", "钱", "孙", "李"]),
        (["钱", "赵", "孙", "李"], ["赵", "钱", "孙", "李"]),
        (["钱", "赵", "李", "孙"], [None, None, None, None]),
    ],
)
def test_names_that_are_where_they_were_or_new_are_nothing(names: list[str], keys: list[str | None]) -> None:
    assert "names_moved" not in [one.code for one in checked(prefilled(names, keys))]


def test_household_kept_in_two_ways_is_told_with_the_row_that_it_is_joined_with() -> None:
    rows = (row(5, household="0001"), row(6, household=1), row(7, household="0001"), row(8, household="2"))

    assert told(checked(dossier(rows))) == [("household_joined", "household6")]


@pytest.mark.parametrize("more", [(), (row(20),)])
def test_numbers_dragged_down_are_one_finding(more: tuple[RosterRow, ...]) -> None:
    start = int("331199199003070010")
    rows = tuple(row(n, id_number=str(start + n)) for n in range(5, 9))

    dragged = [one for one in checked(dossier((*rows, *more))) if one.code == "id_filled_down"]

    assert told(tuple(dragged)) == [("id_filled_down", "id_number5")]
    assert "id_number5、id_number6" in dragged[0].message


def test_two_numbers_that_follow_one_another_are_nothing() -> None:
    start = int("331199199003070010")
    rows = tuple(row(n, id_number=str(start + n)) for n in (5, 6))

    assert "id_filled_down" not in [one.code for one in checked(dossier((*rows, row(9))))]


def test_figure_too_high_names_the_rows_left_out_by_one_answer() -> None:
    rows = (row(5), row(6, able="在校学生"), row(7, able=None))

    [finding] = [
        one for one in checked(dossier(rows, survey={"able_total": 3})) if one.code == "figure_differs"
    ]

    assert finding.message.endswith(
        "填3，按花名册统计为1（第6行、第7行因“劳动能力与意愿”没有计入）。请改正本表，或补全花名册。"
    )


def test_figure_too_low_names_the_doubtful_rows_that_count() -> None:
    rows = (row(5), row(6, id_number="331199"))

    messages = [
        one.message
        for one in checked(dossier(rows, survey={"able_total": 1}))
        if one.code == "figure_differs"
    ]

    assert ["（其中第6行的号码有误，也已计入）。" in message for message in messages] == [True]


def test_figure_too_high_without_anybody_near_names_no_rows() -> None:
    [finding] = checked(dossier(survey={"able_total": 5}))

    assert finding.message.endswith("请改正本表，或补全花名册。")


@pytest.mark.parametrize(
    ("survey", "expected"),
    [
        ({"self_started": 2, "jobs_created": 4}, [("sum_differs", "@jobs_created")]),
        ({"self_started": 4, "jobs_created": 2}, []),
        ({"self_started": None}, [("required_blank", "@self_started")]),
    ],
)
def test_figures_that_must_add_up_are_added_up(
    survey: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    sums = (Sum("jobs_created", ("self_started",), ("able_total",)),)
    findings = checked(dossier(survey=survey), sums=sums)

    assert [one for one in told(findings) if "score" not in one[0] and "total" not in one[0]] == expected


def test_sum_that_differs_says_how_it_adds_up() -> None:
    sums = (Sum("jobs_created", ("self_started",), ("able_total",)),)

    [finding] = checked(dossier(), sums=sums)

    assert finding.message == (
        "“附件3 调查表”@jobs_created：创业带动人数填4，按创业人数－有能力有意愿人数计算应为0。"
        "请核对这几项，改正填错的一项。"
    )


def test_oddities_of_sheets_are_findings_and_stop_nobody() -> None:
    odd = (
        Oddity("hidden_content", "附件2 花名册", what="行(第5行)"),
        Oddity("stray_cells", "附件2 花名册", ("B8", "B9", "D12")),
        Oddity("rows_cut", "附件2 花名册", count=40),
    )

    findings = checked(replace(dossier(), oddities=odd))

    assert [one.message.split("。")[0] for one in findings] == [
        "“附件2 花名册”有隐藏的行(第5行)，其中的内容也会统计",
        "“附件2 花名册”有3处内容不属于任何人员，不参与统计：B8至B9、D12",
        "“附件2 花名册”第40行以后连续空白一万行，其后没有读取",
    ]
    assert is_acceptable(findings)


def test_check_on_trial_stops_nobody() -> None:
    filed = dossier((row(5, name=None), row(6)))

    findings = checked(filed, trial=("required_blank",))

    assert [(one.code, one.severity) for one in findings] == [("required_blank", "trial")]
    assert is_acceptable(findings)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "测试\u200b"}, [("text_corrected", "name5")]),
        ({"able": f"{ABLE}\u200b"}, [("text_corrected", "able5")]),
        ({"name": "\u200b"}, [("required_blank", "name5")]),
        ({"industry": cell("二", formula="=A1")}, []),
        ({"industry": cell("", formula='=""')}, [("needed_blank", "industry5")]),
    ],
)
def test_invisible_signs_are_taken_out(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(checked(dossier((row(5, **changed), row(6))))) == expected


def test_format_that_shows_another_number_is_an_error_wherever_it_stands() -> None:
    lying = replace(cell(1), shown="95")
    filed = dossier(
        claims={"B1.3": replace(lying, ref="@B1.3")},
        survey={"self_started": replace(lying, value=2, ref="@self_started")},
    )

    assert told(checked(filed)) == [("format_misleads", "@B1.3"), ("format_misleads", "@self_started")]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 12, 31), []),
        (date(2017, 1, 1), []),
        (date(2016, 12, 31), [("date_out_of_range", "surveyed5")]),
        ("2021-01-01", [("date_out_of_range", "surveyed5")]),
    ],
)
def test_day_far_from_the_campaign_is_an_error(day: Value, expected: list[tuple[str, str]]) -> None:
    assert told(checked(dossier((row(5, surveyed=day), row(6))))) == expected
