"""Numbers that differ because of an answer that was told already: told once, with that answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from rules.campaign.forms import Column, Field
from rules.dossiers.checks.check import check
from rules.dossiers.dossier import Cell, Dossier, Finding, RosterRow, Value
from tests.rules.samples import CAMPAIGN, cell, dossier, row

WHOSE = {"town_code": "331181101", "village_code": "331181101201"}
ROSTER, SURVEY = "附件2 花名册", "附件3 调查表"
FIGURES = ("employed", "graduate", "graduate_employed")
COUNTED = replace(
    CAMPAIGN,
    forms=replace(
        CAMPAIGN.forms,
        roster=(*CAMPAIGN.forms.roster, Column("leave", "休假", "choice", "conditional", ("是",))),
        survey=(
            *CAMPAIGN.forms.survey,
            *(Field(key, key, "integer", need="optional", count=key) for key in FIGURES),
        ),
    ),
)


def told(rows: tuple[RosterRow, ...], **figures: Value) -> list[Finding]:
    """What is told of a roster whose town counts four people at work, and scores itself by that."""
    survey: dict[str, Cell | Value] = {
        "able_total": 4,
        "employed": 4,
        "graduate": None,
        "graduate_employed": None,
    }
    placed = {
        key: cell(value, f"C{n}", sheet="survey")
        for n, (key, value) in enumerate({**survey, **figures}.items(), 4)
        if not isinstance(value, Cell)
    }
    filed: Dossier = dossier(rows, survey=placed)
    return [one for one in check(COUNTED, filed, **WHOSE) if one.severity == "error"]


def rows_with(*faulty: Mapping[str, Cell | Value]) -> tuple[RosterRow, ...]:
    changed: list[Mapping[str, Cell | Value]] = [*faulty, *({} for _ in range(4 - len(faulty)))]
    return tuple(row(n, **one) for n, one in enumerate(changed, 5))


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"status": "己就业"}, "choice_unknown"),
        ({"status": None}, "required_blank"),
        ({"able": "有能力"}, "choice_unknown"),
        ({"able": cell("#REF!", kind="error")}, "cell_error"),
    ],
)
def test_one_faulty_answer_is_told_with_all_that_follows_from_it_once(
    changed: dict[str, Cell | Value], cause: str
) -> None:
    found = told(rows_with(changed))

    assert [one.code for one in found if one.sheet in (ROSTER, SURVEY)] == [cause, "numbers_follow"]
    assert {one.code for one in found} == {cause, "numbers_follow"}
    key = next(iter(changed))
    assert f"“附件2 花名册”{key}5填错或漏填带来的" in found[1].message


def test_two_faulty_answers_are_both_named_as_the_cause() -> None:
    found = told(rows_with({"status": "己就业"}, {"status": "就业"}))

    [one] = [one for one in found if (one.code, one.sheet) == ("numbers_follow", SURVEY)]
    assert one.message.startswith("“附件3 调查表”C5的数与花名册不符，是“附件2 花名册”status5、status6填错")


def test_row_that_lacks_the_cell_is_named_as_a_row() -> None:
    whole = rows_with()
    short = replace(whole[0], cells={key: one for key, one in whole[0].cells.items() if key != "status"})

    found = told((short, *whole[1:]))

    assert "“附件2 花名册”第5行填错" in found[-1].message


def test_difference_larger_than_faulty_answers_explain_stays_a_difference() -> None:
    found = told(rows_with({"status": "己就业"}), employed=5)

    assert [one.code for one in found if one.sheet in (ROSTER, SURVEY)] == [
        "choice_unknown",
        "figure_differs",
    ]


def test_figure_below_its_count_follows_from_nothing() -> None:
    assert [one.code for one in told(rows_with({"status": "己就业"}), employed=2)][:2] == [
        "choice_unknown",
        "figure_differs",
    ]


def test_points_and_sums_that_follow_are_told_with_their_cells() -> None:
    rows = (*rows_with({"status": "己就业"}), *(row(n) for n in range(9, 15)))
    counts = {"able_total": 10, "employed": 10}

    found = told(rows, **counts)

    assert found[0].code == "choice_unknown"
    assert {(one.code, one.sheet) for one in found[1:]} == {
        ("numbers_follow", sheet) for sheet in ("附件1 评价指标", "附件3 调查表", "附件4 推荐表")
    }


def test_blank_that_is_needed_only_in_a_case_is_no_fault_outside_of_it() -> None:
    campaign = replace(
        COUNTED,
        forms=replace(
            COUNTED.forms,
            counts=tuple(
                replace(one, where=(*one.where, ("industry", ("二",)))) if one.key == "employed" else one
                for one in COUNTED.forms.counts
            ),
        ),
    )

    def codes(*changed: Mapping[str, Cell | Value], employed: int) -> list[str]:
        placed = {"employed": cell(employed, "C5", sheet="survey"), "able_total": 4}
        filed = dossier(rows_with(*changed), survey=placed)
        found = check(campaign, filed, **WHOSE)
        there = [one for one in found if one.sheet == SURVEY or one.ref.startswith("industry")]
        return [one.code for one in there if one.code != "optional_question_missing"]

    assert codes({"industry": None}, employed=4) == ["needed_blank", "numbers_follow"]
    assert codes({"industry": " ", "status": "己就业"}, employed=4) == ["numbers_follow"]
    assert codes({"industry": None, "status": "登记失业"}, employed=4) == ["figure_differs"]
    assert codes({"industry": None, "status": None}, employed=4) == ["figure_differs"]
