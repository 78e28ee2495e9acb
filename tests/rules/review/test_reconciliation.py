"""Two blind sheets made into one: agreed, halved, or ruled on by a third person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.campaign.campaign import Campaign
from rules.campaign.facts import fact_key
from rules.campaign.scheme import Indicator, Scheme, Veto
from rules.campaign.scoring import ScoreSheet, score
from rules.refusals import Refused
from rules.review.reconciliation import BEYOND, FLIPS, VETO, disputes, reconciled, ruling
from tests.rules.samples import CAMPAIGN


def line(number: int, maximum: int = 10, tolerance: str = "1") -> Indicator:
    return Indicator(
        id=f"B{number}", part="B", name=f"第{number}项", maximum=Fraction(maximum), kind="manual",
        tolerance=Fraction(tolerance),
    )  # fmt: skip


SCHEME = Scheme(
    id="four", mark="", pass_line=Fraction(20), recommend_line=Fraction(30), bonus_cap=Fraction(2),
    indicators=tuple(line(number) for number in range(1, 5)), bonus=(line(9, 5),), vetoes=(Veto("V1", "弄虚作假"),),
)  # fmt: skip


def sheet(*points: int | str, bonus: int = 0, veto: int = 0) -> ScoreSheet:
    facts = dict(zip([fact_key(one) for one in SCHEME.indicators], map(Fraction, points), strict=True))
    return score(SCHEME, {**facts, "B9": Fraction(bonus), "V1": Fraction(veto)})


def whys(first: ScoreSheet, second: ScoreSheet) -> list[tuple[str, str]]:
    return [(one.id, one.why) for one in disputes(SCHEME, first, second)]


def test_sheets_that_agree_stand_as_they_are() -> None:
    both = sheet(9, 8, 7, 6, bonus=5)

    assert (whys(both, both), reconciled(SCHEME, both, both, {})) == ([], both)


def test_difference_within_the_tolerance_is_halved_and_says_so() -> None:
    final = reconciled(SCHEME, sheet(9, 5, 5, 5), sheet(8, 5, 5, 5), {})

    assert final.line("B1").points == Fraction(17, 2)
    assert final.line("B1").note == "初审9分、复审8分，在容许范围内，取平均"
    assert final.total == Fraction("23.5")


def test_difference_beyond_the_tolerance_needs_a_third_person() -> None:
    first, second = sheet(9, 5, 5, 5), sheet("6.5", 5, 5, 5)

    assert whys(first, second) == [("B1", BEYOND)]
    with pytest.raises(ValueError, match="B1"):
        reconciled(SCHEME, first, second, {})
    assert reconciled(SCHEME, first, second, {"B1": Fraction(7)}).total == Fraction(22)


@pytest.mark.parametrize(
    ("first", "second"),
    [((5, 5, 5, 5), (4, 5, 5, 5)), ((8, 8, 8, 6), (7, 8, 8, 6))],
    ids=["recognition", "recommendation"],
)
def test_small_difference_that_turns_a_conclusion_is_ruled_on(
    first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    assert whys(sheet(*first), sheet(*second)) == [("B1", FLIPS)]


def test_small_differences_that_only_together_turn_a_conclusion_are_all_ruled_on() -> None:
    """Nobody is asked while even the worst of every line passes."""
    assert whys(sheet(6, 6, 5, 4), sheet(7, 5, 5, 4)) == []
    assert whys(sheet(5, 6, 5, "3.5"), sheet(6, 5, 5, "3.5")) == [("B1", FLIPS), ("B2", FLIPS)]


def test_second_reviewer_s_full_points_are_not_overruled_by_the_first_s_doubts() -> None:
    """What B believes of the town counts as much as what A doubts."""
    first, second = sheet(7, 7, 7, 7), sheet(10, 10, 10, 10)
    open_ = disputes(SCHEME, first, second)

    final = reconciled(SCHEME, first, second, {one.id: one.second for one in open_})

    assert [one.id for one in open_] == ["B1", "B2", "B3", "B4"]
    assert final.line("B1").note == "初审7分、复审10分，裁定10分"
    assert (final.total, [one.points for one in final.lines]) == (
        second.total,
        [one.points for one in second.lines],
    )


def test_veto_of_one_is_ruled_on_and_of_both_stands() -> None:
    clear, vetoed = sheet(9, 9, 9, 9), sheet(9, 9, 9, 9, veto=1)

    assert whys(clear, vetoed) == [("V1", VETO)]
    assert whys(vetoed, vetoed) == []
    assert reconciled(SCHEME, vetoed, vetoed, {}).vetoes == ("V1",)
    assert reconciled(SCHEME, clear, vetoed, {"V1": Fraction(1)}).vetoes == ("V1",)
    assert reconciled(SCHEME, clear, vetoed, {"V1": Fraction(0)}).vetoes == ()


@pytest.mark.parametrize(
    ("points", "reasons", "code"),
    [
        ({}, {}, "not_ruled"),
        ({"B1": "7"}, {}, "not_ruled"),
        ({"B1": "7"}, {"B1": "  "}, "not_ruled"),
        ({"B1": "seven"}, {"B1": "看过台账"}, "not_a_number"),
        ({"B1": "1/0"}, {"B1": "看过台账"}, "not_a_number"),
        ({"B1": "10.5"}, {"B1": "看过台账"}, "beyond_points"),
        ({"B1": "-1"}, {"B1": "看过台账"}, "not_a_number"),
        ({"B1": "7", "B2": "5"}, {"B1": "看过台账", "B2": "看过"}, "not_in_dispute"),
    ],
)
def test_ruling_wrongly_is_refused(points: Mapping[str, str], reasons: Mapping[str, str], code: str) -> None:
    open_ = disputes(SCHEME, sheet(9, 5, 5, 5), sheet(5, 5, 5, 5))

    refused = ruling(open_, points, reasons)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_ruling_is_read_exactly() -> None:
    open_ = disputes(SCHEME, sheet(9, 5, 5, 5), sheet(5, 5, 5, 5))

    assert ruling(open_, {"B1": " 20/3 "}, {"B1": "看过台账"}) == {"B1": Fraction(20, 3)}


@pytest.mark.parametrize("flag", ["2", "0.5"])
def test_veto_is_ruled_yes_or_no(flag: str) -> None:
    open_ = disputes(SCHEME, sheet(9, 9, 9, 9), sheet(9, 9, 9, 9, veto=1))

    refused = ruling(open_, {"V1": flag}, {"V1": "查过投诉台账"})

    assert isinstance(refused, Refused)
    assert refused.code == "beyond_points"


@pytest.mark.parametrize(("name", "asked"), [("recognition", True), ("reconciliation", False)])
def test_campaign_asks_only_the_gates_it_was_opened_with(name: str, *, asked: bool) -> None:
    campaign: Campaign = replace(CAMPAIGN)

    assert campaign.asks(name) is asked


half = st.integers(0, 20).map(lambda number: str(Fraction(number, 2)))
sheets = st.builds(sheet, half, half, half, half, bonus=st.integers(0, 5), veto=st.integers(0, 1))


@given(sheets, sheets, st.integers(0, 2**16))
def test_reconciled_lies_between_both_and_treats_both_alike(
    first: ScoreSheet, second: ScoreSheet, seed: int
) -> None:
    dice = Random(seed)
    ruled = {one.id: dice.choice([one.first, one.second]) for one in disputes(SCHEME, first, second)}

    final = reconciled(SCHEME, first, second, ruled)
    turned = reconciled(SCHEME, second, first, ruled)

    assert [one.points for one in final.lines] == [one.points for one in turned.lines]
    assert (final.total, final.vetoes) == (turned.total, turned.vetoes)
    for one in final.lines:
        low, high = sorted([first.line(one.indicator_id).points, second.line(one.indicator_id).points])
        assert low <= one.points <= high
    assert set(first.vetoes) & set(second.vetoes) <= set(final.vetoes) <= {*first.vetoes, *second.vetoes}
