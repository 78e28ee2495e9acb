"""The facts behind an indicator: what they are called, whether there are any, what they amount to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from rules.campaign.scheme import Indicator, Item

Facts = Mapping[str, Fraction | int]


def fact_key(indicator: Indicator) -> str:
    """Where the number of an indicator stands among the facts."""
    return indicator.numerator or indicator.id


def item_key(indicator: Indicator, number: int) -> str:
    """Where a checklist item stands among the facts; items are numbered from 1."""
    return f"{indicator.id}/{number}"


def items_with_facts(indicator: Indicator, facts: Facts) -> list[tuple[Item, Fraction]]:
    """Each item with its number among the facts, 0 when there is none."""
    return [
        (item, Fraction(facts.get(item_key(indicator, number), 0)))
        for number, item in enumerate(indicator.items, 1)
    ]


def applies(indicator: Indicator, facts: Facts) -> bool:
    return not indicator.denominator or facts.get(indicator.denominator, 0) != 0


def amount(indicator: Indicator, facts: Facts) -> Fraction:
    return Fraction(facts.get(fact_key(indicator), 0))


def measured(indicator: Indicator, facts: Facts) -> Fraction:
    """The ratio of an indicator that applies, or its plain amount when it has no denominator."""
    whole = facts[indicator.denominator] if indicator.denominator else 1
    return amount(indicator, facts) / whole
