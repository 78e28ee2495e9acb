"""Annex 1 as arithmetic: points per indicator on exact fractions, totals, vetoes and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from rules.campaign.facts import Facts, amount, applies, fact_key, item_key, items_with_facts, measured
from rules.campaign.scheme import Indicator, Scheme
from rules.campaign.scoring_words import limit_text, plain, points_text, working
from rules.refusals import Refused

Points = tuple[Fraction, str]
EMPTY: Mapping[str, str] = {"full": "不适用，按满分计", "zero": "分母为0，按0分计"}
"""What a denominator of 0 may mean, and how the line says so."""
RATIO = ("numerator", "denominator", "when_empty")
NEEDS: Mapping[str, tuple[str, ...]] = {
    "threshold": ("full_at",),
    "ceiling": ("at_most",),
    "tier": ("tiers",),
    "step": ("full_at", "zero_below", "per_point"),
    "deduct": ("per_case|items",),
    "checklist": ("items",),
    "per_unit": ("per_unit",),
    "manual": (),
}
"""What an indicator of each kind must say about itself, one of several joined by ``|``; ``config``
refuses a scheme that does not."""
MAY: Mapping[str, tuple[str, ...]] = {
    "threshold": RATIO,
    "ceiling": RATIO,
    "tier": RATIO,
    "step": RATIO,
    "deduct": ("numerator",),
    "checklist": ("all_needed",),
    "per_unit": ("numerator",),
    "manual": (),
}
"""What else it may say; anything more would be read by nobody, and ``config`` refuses it too."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The points of one indicator and, in Chinese, how they add up."""

    indicator_id: str
    points: Fraction
    note: str


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """One scorer's annex 1: a line per indicator (bonus last), totals per part, the capped bonus,
    the total with bonus, and the ids of the vetoes that apply."""

    lines: tuple[ScoreLine, ...]
    part_totals: Mapping[str, Fraction]
    bonus: Fraction
    total: Fraction
    vetoes: tuple[str, ...]

    def line(self, indicator_id: str) -> ScoreLine:
        return next(line for line in self.lines if line.indicator_id == indicator_id)

    def part(self, name: str) -> Fraction:
        return self.part_totals.get(name, Fraction(0))

    @property
    def first_part(self) -> Fraction:
        """The points of annex 1's first part, the basic data, which break ties."""
        return next(iter(self.part_totals.values()), Fraction(0))

    @property
    def figures(self) -> Mapping[str, Fraction]:
        """The sums that annex 4 repeats: ``score_a``, ``score_b``, ``bonus`` and ``total``."""
        parts = {f"score_{name.lower()}": points for name, points in self.part_totals.items()}
        return {**parts, "bonus": self.bonus, "total": self.total}


def score(scheme: Scheme, facts: Facts) -> ScoreSheet:
    """Score every indicator of ``scheme``.

    ``facts`` holds roster counts by key (``employed``), claims by indicator (``B1.3``: cases, units or
    points), items (``B1.1/1``: 1 or 0 in a checklist, else cases) and vetoes (``V1``: 1 if it applies).
    What is not there counts as 0; a denominator of 0 gives what the indicator's ``when_empty`` says.
    """
    lines = [score_line(indicator, facts) for indicator in (*scheme.indicators, *scheme.bonus)]
    return added_up(scheme, lines, vetoes(scheme, facts))


def added_up(scheme: Scheme, lines: Sequence[ScoreLine], vetoes: tuple[str, ...]) -> ScoreSheet:
    """A sheet of exactly these ``lines``, one per indicator in the order of the scheme, bonus last."""
    main, extra = tuple(lines[: len(scheme.indicators)]), tuple(lines[len(scheme.indicators) :])
    parts = part_totals(scheme, main)
    bonus = min(scheme.bonus_cap, total_of(extra))
    return ScoreSheet(main + extra, parts, bonus, sum(parts.values(), Fraction(0)) + bonus, vetoes)


def score_line(indicator: Indicator, facts: Facts) -> ScoreLine:
    """The line of one indicator; points never leave 0 .. ``indicator.maximum``."""
    if not applies(indicator, facts):
        points = indicator.maximum if indicator.when_empty == "full" else Fraction(0)
        return ScoreLine(indicator.id, points, EMPTY[indicator.when_empty])
    points, note = KINDS[indicator.kind](indicator, facts)
    return ScoreLine(indicator.id, clamped(points, indicator), note)


def part_totals(scheme: Scheme, lines: tuple[ScoreLine, ...]) -> dict[str, Fraction]:
    totals = {indicator.part: Fraction(0) for indicator in scheme.indicators}
    for indicator, line in zip(scheme.indicators, lines, strict=True):
        totals[indicator.part] += line.points
    return totals


def total_of(lines: tuple[ScoreLine, ...]) -> Fraction:
    return sum((line.points for line in lines), Fraction(0))


def vetoes(scheme: Scheme, facts: Facts) -> tuple[str, ...]:
    return tuple(veto.id for veto in scheme.vetoes if facts.get(veto.id, 0))


def overlay(facts: Facts, adjustments: Facts) -> Facts:
    """The facts with a reviewer's changed ones laid over them; neither argument changes."""
    return {**facts, **adjustments}


def fact_keys(scheme: Scheme) -> frozenset[str]:
    """Every fact that scoring reads; a change to any other would change nothing."""
    keys = {veto.id for veto in scheme.vetoes}
    for indicator in scheme.indicators + scheme.bonus:
        items = {item_key(indicator, number) for number in range(1, len(indicator.items) + 1)}
        keys |= items or {fact_key(indicator), indicator.denominator} - {""}
    return frozenset(keys)


def refuse_unknown_facts(scheme: Scheme, adjustments: Facts) -> Refused | None:
    """None when every adjusted fact is one that scoring reads and is not below 0."""
    unknown = sorted(set(adjustments) - fact_keys(scheme))
    if unknown:
        return Refused("unknown_fact", f"评价指标中没有这些项目：{'、'.join(unknown)}。请刷新后重新填写。")
    negative = sorted(key for key, number in adjustments.items() if number < 0)
    if negative:
        return Refused("negative_fact", f"这些项目不能小于0：{'、'.join(negative)}。请改正后重新提交。")
    return None


def verdict(scheme: Scheme, sheet: ScoreSheet) -> str:
    """``veto``, ``pass`` or ``fail``; the total is compared unrounded."""
    if sheet.vetoes:
        return "veto"
    return "pass" if sheet.total >= scheme.pass_line else "fail"


def needs_second_review(scheme: Scheme, sheet_a: ScoreSheet, sheet_town: ScoreSheet) -> bool:
    """Reviewer A's total lies close to the passing line, or turns the town's own verdict round."""
    close = abs(sheet_a.total - scheme.pass_line) <= scheme.second_review_within
    return close or verdict(scheme, sheet_a) != verdict(scheme, sheet_town)


def threshold(indicator: Indicator, facts: Facts) -> Points:
    limit, how = given(indicator.full_at), working(indicator, facts)
    if measured(indicator, facts) >= limit:
        return indicator.maximum, f"{how}，满分"
    return Fraction(0), f"{how}，未达到{limit_text(indicator, limit)}，0分"


def ceiling(indicator: Indicator, facts: Facts) -> Points:
    """All or nothing at an upper limit: 登记失业率不高于3%."""
    limit, how = given(indicator.at_most), working(indicator, facts)
    if measured(indicator, facts) <= limit:
        return indicator.maximum, f"{how}，满分"
    return Fraction(0), f"{how}，超过{limit_text(indicator, limit)}，0分"


def tier(indicator: Indicator, facts: Facts) -> Points:
    value, how = measured(indicator, facts), working(indicator, facts)
    reached = [step for step in indicator.tiers if value >= step.at_least]
    if not reached:
        return Fraction(0), f"{how}，未达到最低档，0分"
    best = max(reached, key=lambda step: step.points)
    label = best.label or f"{how}，达到{limit_text(indicator, best.at_least)}"
    return best.points, f"{label}，{points_text(best.points, indicator)}"


def step(indicator: Indicator, facts: Facts) -> Points:
    """Full at ``full_at``; ``per_point`` less for every full or part percentage point below."""
    value, how = measured(indicator, facts), working(indicator, facts)
    short = ceil((given(indicator.full_at) - value) * 100)
    lost = short * given(indicator.per_point)
    if short <= 0:
        return indicator.maximum, f"{how}，满分"
    if value < given(indicator.zero_below):
        return Fraction(0), f"{how}，低于{limit_text(indicator, given(indicator.zero_below))}，0分"
    return indicator.maximum - lost, f"{how}，低{short}个百分点(不足1个按1个计)，扣{plain(lost)}分"


def deduct(indicator: Indicator, facts: Facts) -> Points:
    """So much less per case found; with items, each sort of case has its own price."""
    if indicator.items:
        return deduct_by_item(indicator, facts)
    cases, each = amount(indicator, facts), given(indicator.per_case)
    return indicator.maximum - cases * each, f"{plain(cases)}例，每例扣{plain(each)}分，扣完为止"


def deduct_by_item(indicator: Indicator, facts: Facts) -> Points:
    found = [(item, cases) for item, cases in items_with_facts(indicator, facts) if cases]
    lost = sum((item.points * cases for item, cases in found), Fraction(0))
    how = [f"{item.name}{plain(cases)}例扣{plain(item.points * cases)}分" for item, cases in found]
    return indicator.maximum - lost, f"{'，'.join(how)}，扣完为止" if how else "没有扣分，满分"


def checklist(indicator: Indicator, facts: Facts) -> Points:
    there = [item for item, held in items_with_facts(indicator, facts) if held]
    how = f"{len(indicator.items)}项中具备{len(there)}项"
    if indicator.all_needed and len(there) < len(indicator.items):
        return Fraction(0), f"{how}，须全部具备，0分"
    points = sum((item.points for item in there), Fraction(0))
    return points, f"{how}，{points_text(points, indicator)}"


def per_unit(indicator: Indicator, facts: Facts) -> Points:
    units, each = amount(indicator, facts), given(indicator.per_unit)
    return units * each, f"{plain(units)}×{plain(each)}分，上限{plain(indicator.maximum)}分"


def manual(indicator: Indicator, facts: Facts) -> Points:
    points = clamped(amount(indicator, facts), indicator)
    return points, f"评定{plain(points)}分"


KINDS: Mapping[str, Callable[[Indicator, Facts], Points]] = {
    "threshold": threshold,
    "ceiling": ceiling,
    "tier": tier,
    "step": step,
    "deduct": deduct,
    "checklist": checklist,
    "per_unit": per_unit,
    "manual": manual,
}
"""How each kind of indicator is scored; the bonus cap and the vetoes belong to the scheme as a whole."""


def clamped(points: Fraction, indicator: Indicator) -> Fraction:
    return max(Fraction(0), min(indicator.maximum, points))


def given(number: Fraction | None) -> Fraction:
    if number is None:
        raise ValueError("the indicator lacks a number that NEEDS asks for")
    return number
