"""What each line of annex 1 asks, in words that whoever reads a score can check it by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from rules.campaign.facts import fact_key
from rules.campaign.scheme import Indicator
from rules.campaign.scoring_words import limit_text, plain

FULL = "满分"


def rule_in_words(indicator: Indicator, titles: Mapping[str, str]) -> str:
    """How the points of an indicator come about; ``titles`` names the facts as the forms do."""
    said = WORDS[indicator.kind](indicator)
    if not indicator.denominator:
        return f"{said}。"
    over, under = (titles.get(key, key) for key in (fact_key(indicator), indicator.denominator))
    empty = "按满分计" if indicator.when_empty == "full" else "按0分计"
    return f"{over}÷{under}：{said}；{under}为0的{empty}。"


def points(number: Fraction, indicator: Indicator) -> str:
    return FULL if number == indicator.maximum else f"{plain(number)}分"


def threshold(one: Indicator) -> str:
    assert one.full_at is not None
    return f"达到{limit_text(one, one.full_at)}得满分，否则0分"


def ceiling(one: Indicator) -> str:
    assert one.at_most is not None
    return f"不超过{limit_text(one, one.at_most)}得满分，否则0分"


def tier(one: Indicator) -> str:
    steps = (
        f"{step.label or f'达到{limit_text(one, step.at_least)}'}得{points(step.points, one)}"
        for step in sorted(one.tiers, key=lambda step: -step.points)
    )
    return f"{'，'.join(steps)}，其余0分"


def step(one: Indicator) -> str:
    assert one.full_at is not None
    assert one.zero_below is not None
    assert one.per_point is not None
    return (
        f"达到{limit_text(one, one.full_at)}得满分，每低1个百分点(不足1个按1个计)扣{plain(one.per_point)}分，"
        f"低于{limit_text(one, one.zero_below)}得0分"
    )


def deduct(one: Indicator) -> str:
    if one.items:
        return f"{'，'.join(f'{item.name}每例扣{plain(item.points)}分' for item in one.items)}，扣完为止"
    assert one.per_case is not None
    return f"每例扣{plain(one.per_case)}分，扣完为止"


def checklist(one: Indicator) -> str:
    listed = "，".join(f"{item.name}{plain(item.points)}分" for item in one.items)
    return f"{listed}；须全部具备，缺一项得0分" if one.all_needed else listed


def per_unit(one: Indicator) -> str:
    assert one.per_unit is not None
    return f"每次(份、人)得{plain(one.per_unit)}分，上限{plain(one.maximum)}分"


def manual(one: Indicator) -> str:
    return f"由审核人员酌情评定，最高{plain(one.maximum)}分，须写明理由"


WORDS: Mapping[str, Callable[[Indicator], str]] = {
    "threshold": threshold,
    "ceiling": ceiling,
    "tier": tier,
    "step": step,
    "deduct": deduct,
    "checklist": checklist,
    "per_unit": per_unit,
    "manual": manual,
}
"""By kind of indicator, as ``rules.campaign.scoring.KINDS``."""
