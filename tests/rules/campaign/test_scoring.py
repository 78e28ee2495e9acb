"""Points on exact fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given as cases
from hypothesis import strategies as some

from rules.campaign.scheme import Indicator, Item
from rules.campaign.scoring import (
    KINDS,
    MAY,
    NEEDS,
    ScoreLine,
    ScoreSheet,
    given,
    needs_second_review,
    overlay,
    refuse_unknown_facts,
    score,
    score_line,
    verdict,
)
from rules.campaign.scoring_words import rounded
from rules.refusals import Refused
from tests.rules.samples import BONUS, INDICATORS, SCHEME

RATE, GRADUATES, JOBS, PLATFORM, LEDGER, SUMMARIES = INDICATORS
BRAND, PRAISE = BONUS
LIMIT = Indicator("T", "A", "转移就业率", Fraction(20), "threshold", full_at=Fraction(85))
UNEMPLOYMENT = Indicator(
    "U", "A", "登记失业率", Fraction(10), "ceiling",
    numerator="registered", denominator="active", at_most=Fraction(3, 100),
)  # fmt: skip
LEDGERS = Indicator(
    "L", "B", "就业台账", Fraction(4), "deduct",
    items=(Item("缺少台账", Fraction(2)), Item("与实际不符", Fraction(1))),
)  # fmt: skip

FACTS = {
    "employed": 521,
    "able_and_willing": 530,
    "graduate": 20,
    "graduate_employed": 18,
    "jobs_created": 5,
    "self_started": 2,
    "B1.1/1": 1,
    "B1.3": 2,
    "B3.4": 3,
    "C1": 2,
    "C2": 3,
}


def line(indicator: Indicator, **facts: Fraction | int) -> tuple[Fraction | int, str]:
    scored = score_line(indicator, {key.replace("_dot_", "."): fact for key, fact in facts.items()})
    return scored.points, scored.note


def sheet(total: int, *vetoes: str) -> ScoreSheet:
    return ScoreSheet((), {}, Fraction(0), Fraction(total), vetoes)


def test_step_of_the_real_village_gets_full_points() -> None:
    assert line(RATE, employed=521, able_and_willing=530) == (14, "521/530=98.30%，满分")


def test_step_just_short_of_the_limit_does_not_pass_by_rounding() -> None:
    note = "23999/25000=95.996%，低1个百分点(不足1个按1个计)，扣2分"

    assert line(RATE, employed=23999, able_and_willing=25000) == (12, note)


def test_step_at_a_full_point_below_loses_that_point_only() -> None:
    assert line(RATE, employed=95, able_and_willing=100)[0] == 12


def test_step_below_the_floor_gets_nothing() -> None:
    assert line(RATE, employed=899, able_and_willing=1000) == (0, "899/1000=89.90%，低于90%，0分")


@pytest.mark.parametrize(
    ("employed", "expected"),
    [
        (95, (4, "95/100=95.00%，达到95%，满分")),
        (94, (2, "94/100=94.00%，达到85%，2分")),
        (84, (0, "84/100=84.00%，未达到最低档，0分")),
    ],
)
def test_tier_gives_the_best_step_reached(employed: int, expected: tuple[int, str]) -> None:
    assert line(GRADUATES, graduate_employed=employed, graduate=100) == expected


def test_tier_of_an_average_is_shown_as_a_number() -> None:
    assert line(JOBS, jobs_created=5, self_started=2) == (Fraction(3, 2), "5/2=2.50，达到2，1.5分")


def test_tier_with_named_levels_names_the_level() -> None:
    assert line(PRAISE, C2=2) == (2, "省，2分")


def test_denominator_of_zero_gives_full_points() -> None:
    assert line(GRADUATES) == (4, "不适用，按满分计")


@pytest.mark.parametrize(("value", "expected"), [(85, (20, "85，满分")), (84, (0, "84，未达到85，0分"))])
def test_threshold_is_all_or_nothing(value: int, expected: tuple[int, str]) -> None:
    assert line(LIMIT, T=value) == expected


@pytest.mark.parametrize(("found", "points"), [(0, 6), (2, 4), (9, 0)])
def test_deduct_stops_at_zero(found: int, points: int) -> None:
    assert line(LEDGER, B1_dot_3=found) == (points, f"{found}例，每例扣1分，扣完为止")


@pytest.mark.parametrize(
    ("registered", "expected"),
    [
        (30, (10, "30/1000=3.00%，满分")),
        (31, (0, "31/1000=3.10%，超过3%，0分")),
    ],
)
def test_ceiling_is_all_or_nothing_at_an_upper_limit(registered: int, expected: tuple[int, str]) -> None:
    assert line(UNEMPLOYMENT, registered=registered, active=1000) == expected


def test_ceiling_just_above_the_limit_does_not_pass_by_rounding() -> None:
    note = "300001/10000000=3.00001%，超过3%，0分"

    assert line(UNEMPLOYMENT, registered=300001, active=10**7) == (0, note)


def test_denominator_of_zero_gives_nothing_where_the_indicator_says_so() -> None:
    strict = replace(UNEMPLOYMENT, when_empty="zero")

    assert line(strict, registered=3) == (0, "分母为0，按0分计")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, (4, "没有扣分，满分")),
        ({"L/1": 1, "L/2": 1}, (1, "缺少台账1例扣2分，与实际不符1例扣1分，扣完为止")),
        ({"L/2": 9}, (0, "与实际不符9例扣9分，扣完为止")),
    ],
)
def test_deduct_by_item_has_a_price_for_each_sort_of_case(
    found: dict[str, int], expected: tuple[int, str]
) -> None:
    assert line(LEDGERS, **found) == expected


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ({"B1.1/1": 1}, (0, "2项中具备1项，须全部具备，0分")),
        ({"B1.1/1": 1, "B1.1/2": 1}, (3, "2项中具备2项，满分")),
    ],
)
def test_checklist_that_needs_all_gives_nothing_for_some(
    there: dict[str, int], expected: tuple[int, str]
) -> None:
    assert line(replace(PLATFORM, all_needed=True), **there) == expected


def test_checklist_adds_the_items_present() -> None:
    scored = score_line(PLATFORM, {"B1.1/2": 1})

    assert scored == ScoreLine("B1.1", Fraction(2), "2项中具备1项，2分")


def test_per_unit_stops_at_its_maximum() -> None:
    assert line(SUMMARIES, B3_dot_4=9) == (3, "9×0.75分，上限3分")


def test_manual_points_stay_within_the_maximum() -> None:
    assert line(BRAND, C1=7) == (2, "评定2分")


def test_score_adds_parts_and_caps_the_bonus() -> None:
    scored = score(SCHEME, FACTS)

    assert scored.part_totals == {"A": Fraction(35, 2), "B": Fraction(29, 4)}
    assert scored.figures == {"score_a": 17.5, "score_b": 7.25, "bonus": 4, "total": 28.75}
    assert (scored.first_part, ScoreSheet((), {}, Fraction(0), Fraction(0), ()).first_part) == (17.5, 0)
    assert [scored.part("A"), scored.part("Z")] == [Fraction(35, 2), Fraction(0)]
    assert [one.indicator_id for one in scored.lines] == [one.id for one in INDICATORS + BONUS]
    assert scored.line("C1").points == 2


def test_verdict_of_a_good_village_is_pass() -> None:
    assert verdict(SCHEME, score(SCHEME, FACTS)) == "pass"


def test_verdict_just_below_the_line_is_fail() -> None:
    nearly = replace(sheet(0), total=SCHEME.pass_line - Fraction(1, 10**9))

    assert verdict(SCHEME, nearly) == "fail"


def test_verdict_with_a_veto_is_veto_whatever_the_total() -> None:
    scored = score(SCHEME, overlay(FACTS, {"V1": 1, "V2": 0}))

    assert (scored.vetoes, verdict(SCHEME, scored)) == (("V1",), "veto")


def test_adjusting_facts_that_nothing_reads_is_refused() -> None:
    refused = refuse_unknown_facts(SCHEME, {"B1.3": 5, "employed": 9, "B1.1/3": 1, "B9": 1, "V1": 1})

    assert refused == Refused("unknown_fact", "评价指标中没有这些项目：B1.1/3、B9。请刷新后重新填写。")
    assert refuse_unknown_facts(SCHEME, FACTS) is None


def test_adjusting_a_fact_below_zero_is_refused() -> None:
    refused = refuse_unknown_facts(SCHEME, {"B1.3": -5})

    assert refused == Refused("negative_fact", "这些项目不能小于0：B1.3。请改正后重新提交。")


def test_overlay_changes_only_the_copy() -> None:
    changed = overlay(FACTS, {"B1.3": 5})

    assert (changed["B1.3"], FACTS["B1.3"], changed["C1"]) == (5, 2, 2)


@pytest.mark.parametrize(
    ("reviewer", "town", "needed"),
    [(sheet(30), sheet(35), True), (sheet(31), sheet(35), False), (sheet(20), sheet(35), True)],
    ids=["close to the line", "clear of it", "turned round"],
)
def test_second_review_is_needed_near_the_line_or_when_the_verdict_turns(
    reviewer: ScoreSheet, town: ScoreSheet, needed: bool
) -> None:
    assert needs_second_review(SCHEME, reviewer, town) is needed


@pytest.mark.parametrize(
    ("points", "text"), [(Fraction(17, 200), "0.09"), (Fraction(57, 2), "28.50"), (Fraction(2, 3), "0.67")]
)
def test_rounded_goes_half_up(points: Fraction, text: str) -> None:
    assert rounded(points) == text


def test_number_that_the_scheme_lacks_is_an_error() -> None:
    with pytest.raises(ValueError, match="NEEDS"):
        given(None)


def test_every_kind_says_what_it_needs() -> None:
    assert set(KINDS) == set(NEEDS) == set(MAY)


counts = some.integers(min_value=0, max_value=5000)
facts = some.fixed_dictionaries(dict.fromkeys(FACTS, counts))


@cases(facts)
def test_points_never_leave_their_range(held: dict[str, int]) -> None:
    scored = score(SCHEME, held)

    for indicator in INDICATORS + BONUS:
        assert 0 <= scored.line(indicator.id).points <= indicator.maximum
    assert scored.total == sum(scored.part_totals.values()) + scored.bonus
    assert scored.bonus <= SCHEME.bonus_cap


@cases(facts, some.sampled_from(["employed", "graduate_employed", "jobs_created", "B1.1/1", "B3.4", "C1"]))
def test_more_merit_never_costs_points(held: dict[str, int], key: str) -> None:
    better = overlay(held, {key: held[key] + 1})

    assert score(SCHEME, better).total >= score(SCHEME, held).total


@cases(some.integers(1, 10**6), some.data())
def test_rate_below_its_limit_never_gets_nor_shows_full_points(whole: int, data: some.DataObject) -> None:
    part = data.draw(some.integers(0, (whole * 96 - 1) // 100))

    scored = score_line(RATE, {"employed": part, "able_and_willing": whole})

    assert scored.points < 14
    assert Fraction(scored.note.split("=")[1].split("%")[0]) < 96
