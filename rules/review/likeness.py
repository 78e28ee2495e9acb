"""Which cases are alike before whoever recognises, so that several like ones can be decided at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

TOGETHER = ("recognition",)
"""Gates whose cases may be decided several at once: each rests on a final sheet that others reviewed case by case."""
MOST_AT_ONCE = 100


class Likeness(StrEnum):
    """In the order in which the groups are laid before somebody."""

    AGREED = "agreed"
    CHANGED = "changed"
    BELOW = "below"
    VETOED = "vetoed"


TITLES: Mapping[Likeness, str] = {
    Likeness.AGREED: "达到认定线，各方评分一致",
    Likeness.CHANGED: "达到认定线，核定与自评或各方之间有出入",
    Likeness.BELOW: "没有达到认定线",
    Likeness.VETOED: "有一票否决项",
}


def likeness(
    total: Fraction, *, pass_line: Fraction, vetoes: Sequence[str], points: Iterable[Mapping[str, str]]
) -> Likeness:
    """``points`` has each party's points by indicator, the final sheet's among them."""
    if vetoes:
        return Likeness.VETOED
    if total < pass_line:
        return Likeness.BELOW
    return Likeness.CHANGED if apart(points) else Likeness.AGREED


def apart(points: Iterable[Mapping[str, str]]) -> list[str]:
    """The indicators on which not every party that scored them says the same."""
    said: dict[str, set[Fraction]] = {}
    for sheet in points:
        for indicator, number in sheet.items():
            said.setdefault(indicator, set()).add(Fraction(number))
    return [indicator for indicator, numbers in said.items() if len(numbers) > 1]
