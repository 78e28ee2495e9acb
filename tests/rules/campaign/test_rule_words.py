"""Every kind of line says in words how its points come about."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rules.campaign.rule_words import WORDS, rule_in_words
from rules.campaign.scheme import Indicator, Item, Tier
from rules.campaign.scoring import KINDS

F = Fraction
TITLES = {"employed": "就业人数", "able": "有意愿人数"}
RATIO = {"numerator": "employed", "denominator": "able"}


def line(kind: str, **more: object) -> Indicator:
    return Indicator("A1", "A", "就业率", F(4), kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        (line("threshold", full_at=F(3)), "达到3得满分，否则0分。"),
        (line("ceiling", at_most=F(3, 100), **RATIO, when_empty="zero"),
         "就业人数÷有意愿人数：不超过3%得满分，否则0分；有意愿人数为0的按0分计。"),
        (line("tier", tiers=(Tier(F(6, 10), F(2)), Tier(F(8, 10), F(4))), **RATIO),
         "就业人数÷有意愿人数：达到80%得满分，达到60%得2分，其余0分；有意愿人数为0的按满分计。"),
        (line("tier", tiers=(Tier(F(1), F(1), "市级"), Tier(F(2), F(3), "国家级"))),
         "国家级得3分，市级得1分，其余0分。"),
        (line("step", full_at=F(96, 100), zero_below=F(90, 100), per_point=F(2), **RATIO),
         "就业人数÷有意愿人数：达到96%得满分，每低1个百分点(不足1个按1个计)扣2分，低于90%得0分；有意愿人数为0的按满分计。"),
        (line("deduct", per_case=F(1, 2)), "每例扣0.5分，扣完为止。"),
        (line("deduct", items=(Item("机构不健全", F(4)),)), "机构不健全每例扣4分，扣完为止。"),
        (line("checklist", items=(Item("机构", F(1)), Item("场地", F(3)))), "机构1分，场地3分。"),
        (line("checklist", items=(Item("机构", F(1)),), all_needed=True), "机构1分；须全部具备，缺一项得0分。"),
        (line("per_unit", per_unit=F(1)), "每次(份、人)得1分，上限4分。"),
        (line("manual"), "由审核人员酌情评定，最高4分，须写明理由。"),
    ],
)  # fmt: skip
def test_rule_of_a_line_in_words(indicator: Indicator, words: str) -> None:
    assert rule_in_words(indicator, TITLES) == words


def test_every_kind_that_scores_says_how() -> None:
    assert WORDS.keys() == KINDS.keys()
