"""How reviewers differ: each one's leniency by indicator, and the indicators on which they differ most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reviewer gave one line, and what counted in the end."""

    reviewer: str
    indicator: str
    points: Fraction
    counted: Fraction


@dataclass(frozen=True, slots=True)
class Leniency:
    """On average so many points above what counted; below 0 is strict."""

    reviewer: str
    indicator: str
    lines: int
    points: Fraction


@dataclass(frozen=True, slots=True)
class Pair:
    """Two blind opinions on one line of one village."""

    indicator: str
    first: Fraction
    second: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class Wording:
    """An indicator whose wording makes people differ: how often, and by which share of its points on average."""

    indicator: str
    pairs: int
    apart: int
    share: Fraction


def leniency(opinions: Iterable[Opinion]) -> tuple[Leniency, ...]:
    """By reviewer and indicator; those who differ from what counted most stand first."""
    found: dict[tuple[str, str], list[Fraction]] = {}
    for one in opinions:
        found.setdefault((one.reviewer, one.indicator), []).append(one.points - one.counted)
    means = (
        Leniency(reviewer, indicator, len(apart), sum(apart, Fraction(0)) / len(apart))
        for (reviewer, indicator), apart in found.items()
    )
    return tuple(sorted(means, key=lambda one: (-abs(one.points), one.reviewer, one.indicator)))


def wordings(pairs: Iterable[Pair]) -> tuple[Wording, ...]:
    """The indicators on which two reviewers ever differed, the worst first."""
    found: dict[str, list[Fraction]] = {}
    for one in pairs:
        share = abs(one.first - one.second) / one.most if one.most else Fraction(0)
        found.setdefault(one.indicator, []).append(share)
    means = (
        Wording(
            indicator, len(shares), sum(share > 0 for share in shares), sum(shares, Fraction(0)) / len(shares)
        )
        for indicator, shares in found.items()
    )
    return tuple(sorted((one for one in means if one.apart), key=lambda one: (-one.share, one.indicator)))
