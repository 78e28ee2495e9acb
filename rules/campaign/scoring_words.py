"""A score in words and figures as people read them: how points add up, limits, percentages, rounding."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from rules.campaign.facts import Facts, amount, measured
from rules.campaign.scheme import Indicator


def limits(indicator: Indicator) -> tuple[Fraction, ...]:
    edges = (
        indicator.full_at,
        indicator.at_most,
        indicator.zero_below,
        *(step.at_least for step in indicator.tiers),
    )
    return tuple(edge for edge in edges if edge is not None)


def in_percent(indicator: Indicator) -> bool:
    return bool(indicator.denominator) and max(limits(indicator)) <= 1


def limit_text(indicator: Indicator, limit: Fraction) -> str:
    return f"{plain(limit * 100)}%" if in_percent(indicator) else plain(limit)


def working(indicator: Indicator, facts: Facts) -> str:
    """``521/530=98.30%``, ``30/12=2.50`` or the plain amount."""
    value = measured(indicator, facts)
    if not indicator.denominator:
        return plain(value)
    scale, sign = (100, "%") if in_percent(indicator) else (1, "")
    shown = shown_as_judged(value * scale, [limit * scale for limit in limits(indicator)])
    return f"{plain(amount(indicator, facts))}/{plain(Fraction(facts[indicator.denominator]))}={shown}{sign}"


def shown_as_judged(value: Fraction, limits: Iterable[Fraction]) -> str:
    """Two decimals, or as many as it takes to lie on the same side of every limit that it is not."""
    digits = 2
    while any(looks_wrong(value, Fraction(half_up(value, digits)), limit) for limit in limits):
        digits += 1
    return half_up(value, digits)


def looks_wrong(value: Fraction, shown: Fraction, limit: Fraction) -> bool:
    return (value < limit <= shown) or (value > limit >= shown)


def points_text(points: Fraction, indicator: Indicator) -> str:
    return "满分" if points >= indicator.maximum else f"{plain(points)}分"


def half_up(number: Fraction, digits: int) -> str:
    doubled = 2 * number.numerator * 10**digits + number.denominator
    return f"{Decimal(doubled // (2 * number.denominator)).scaleb(-digits):f}"


def rounded(points: Fraction) -> str:
    """Points for show only: half up to two decimals. Never compare what this returns."""
    return half_up(points, 2)


def plain(number: Fraction) -> str:
    return rounded(number).rstrip("0").rstrip(".")
