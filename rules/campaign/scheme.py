"""Annex 1 as configured: indicators with their tiers and items, vetoes, the lines that decide; all frozen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Tier:
    """``points`` when the value reaches ``at_least`` (a ratio, a count or a named level)."""

    at_least: Fraction
    points: Fraction
    label: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist with its points, or one sort of case with what each costs."""

    name: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of annex 1. ``kind`` is a key of ``rules.campaign.scoring.KINDS``; unused fields stay empty."""

    id: str
    part: str
    name: str
    maximum: Fraction
    kind: str
    numerator: str = ""
    denominator: str = ""
    full_at: Fraction | None = None
    at_most: Fraction | None = None
    zero_below: Fraction | None = None
    per_point: Fraction | None = None
    tiers: tuple[Tier, ...] = ()
    items: tuple[Item, ...] = ()
    per_case: Fraction | None = None
    per_unit: Fraction | None = None
    all_needed: bool = False
    """A checklist that gives its points only when every item is there."""
    when_empty: str = "full"
    """Points when the denominator is 0: ``full`` or ``zero``."""
    evidence: str = ""
    wording: str = ""
    tolerance: Fraction = Fraction(0)
    """Points by which two reviewers may differ without a third person being asked."""


@dataclass(frozen=True, slots=True)
class Veto:
    """A fact that fails a village whatever its total."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """Annex 1 as a whole, with the lines that decide recognition and recommendation."""

    id: str
    mark: str
    pass_line: Fraction
    recommend_line: Fraction
    bonus_cap: Fraction
    indicators: tuple[Indicator, ...]
    bonus: tuple[Indicator, ...]
    vetoes: tuple[Veto, ...]
    second_review_within: Fraction = Fraction(2)
    """A total this close to the passing line calls for a second review."""
