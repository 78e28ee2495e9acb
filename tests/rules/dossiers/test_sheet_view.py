"""What the sheet's own formulas see: a blank too many is another answer to them, and only to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from rules.campaign.forms import Field, Sum
from rules.dossiers.checks.check import check, facts
from rules.dossiers.dossier import Cell, Dossier, Value
from tests.rules.samples import ABLE, CAMPAIGN, cell, dossier, row


def told(filed: Dossier) -> list[tuple[str, str]]:
    found = check(CAMPAIGN, filed, town_code="331181101", village_code="331181101201")
    return [(one.code, one.ref) for one in found]


ODD = row(6, able=f"{ABLE}\u3000")


def test_figure_that_misses_a_spelling_is_counted_anew_and_its_cause_is_named() -> None:
    filed = dossier((row(5), ODD), survey={"able_total": cell(1, "C4", formula="=COUNTIF()")})

    found = check(CAMPAIGN, filed, town_code="331181101", village_code="331181101201")

    assert [(one.code, one.ref) for one in found] == [
        ("spelling_corrected", "able6"),
        ("totals_folded", "C4"),
    ]
    assert f"“{ABLE}”多了空格，已按“{ABLE}”统计" in found[0].message
    assert "把“附件2 花名册”able6改成" in found[1].message
    assert facts(CAMPAIGN, filed)["able_and_willing"] == 2


@pytest.mark.parametrize(
    ("figure", "code"),
    [(cell(0, "C4"), "figure_differs"), (cell(7, "C4", formula="=7"), "figure_formula_differs")],
)
def test_figure_that_no_spelling_explains_is_refused(figure: Cell, code: str) -> None:
    assert (code, "C4") in told(dossier((row(5), ODD), survey={"able_total": figure}))


def test_figure_that_is_right_though_something_is_misspelt_says_nothing_of_totals() -> None:
    assert told(dossier((row(5), ODD))) == [("spelling_corrected", "able6")]


@pytest.mark.parametrize(
    "changed",
    [
        {"B1.1/1": "有", "B1.1:score": 2},
        {"B1.1/2": "是 ", "B1.1:score": 1},
        {"B3.4": "4", "B3.4:score": 0},
        {"C2": " 省", "C2:score": 0},
    ],
)
def test_points_that_a_formula_reckons_without_a_spelling_are_those_that_were_meant(
    changed: Mapping[str, Value],
) -> None:
    filed = dossier(claims={"C2:score": 2, **changed})

    assert {code for code, _ in told(filed)} == {"totals_folded"}


def test_points_kept_as_text_may_be_missing_from_a_sum() -> None:
    filed = dossier(
        claims={"B3.4:score": "3 "},
        recommendation={"total": cell(27.5, "C9", formula="=A+B"), "score_a": 19.5},
    )

    assert told(filed) == [("totals_folded", "C9")]


@pytest.mark.parametrize(
    ("changed", "total", "codes"),
    [
        ({"B3.4": "4", "B3.4:score": cell(1, "F9", formula="=1")}, 34.5, {"score_formula_differs"}),
        ({"B3.4": "4", "B3.4:score": 1}, 34.5, {"score_differs"}),
        ({}, cell(30, "C9", formula="=30"), {"total_formula_differs"}),
    ],
)
def test_points_that_no_spelling_explains_are_refused_and_a_formula_is_sent_to_its_inputs(
    changed: Mapping[str, Value], total: Cell | Value, codes: set[str]
) -> None:
    filed = dossier(claims=changed, recommendation={"total": total})

    found = check(CAMPAIGN, filed, town_code="331181101", village_code="331181101201")

    assert {one.code for one in found} == codes
    assert all("请改正得分" not in one.message for one in found if "formula" in one.code)


def test_several_answers_in_one_cell_are_found_whatever_stands_between() -> None:
    filed = dossier((row(5, groups="残疾人，高校毕业生", proof="1"), row(6, groups="残疾人 ", proof="2")))

    assert told(filed) == []


def test_several_answers_of_which_one_is_spelt_oddly_are_corrected() -> None:
    filed = dossier((row(5, groups="残疾 人、高校毕业生", proof="1"), row(6)))

    assert told(filed) == [("spelling_corrected", "groups5")]


def test_figures_kept_as_text_explain_points_that_are_missing() -> None:
    filed = dossier(
        claims={"A4.2:score": 1.5},
        survey={"jobs_created": "4"},
        recommendation={"total": 34.5, "score_a": 19.5},
    )

    assert told(filed) == []


def test_sum_of_figures_counts_what_was_meant_where_a_formula_missed_it() -> None:
    forms = replace(
        CAMPAIGN.forms,
        survey=(*CAMPAIGN.forms.survey, Field("at_work", "就业人数", "integer", count="employed")),
        sums=(Sum("able_total", ("at_work",)),),
    )
    filed = dossier(
        (row(5), ODD), survey={"able_total": cell(2, "C4"), "at_work": cell(1, "C7", formula="=1")}
    )

    found = check(replace(CAMPAIGN, forms=forms), filed, town_code="331181101", village_code="331181101201")

    assert [(one.code, one.ref) for one in found] == [
        ("spelling_corrected", "able6"),
        ("totals_folded", "C7"),
    ]
