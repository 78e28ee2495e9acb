"""What must hold in ``indicators.yaml``: annex 1 and the lines that decide."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from config.checks.conditions import Draft, among, holds, unique
from config.mistakes import Mistake
from rules.campaign import Forms, Indicator, Scheme
from rules.scoring import KINDS, NEEDS

HUNDRED = Fraction(100)


def check_scheme(draft: Draft) -> Iterator[Mistake]:
    file = "indicators.yaml"
    scheme: Scheme = draft["scheme"]
    everything = scheme.indicators + scheme.bonus
    yield from unique(file, "id", [one.id for one in everything] + [veto.id for veto in scheme.vetoes])
    for at, indicator in located(scheme):
        yield from check_indicator(file, at, indicator)
    yield from check_parts(file, scheme, draft["parts"])
    ordered = scheme.pass_line <= scheme.recommend_line <= HUNDRED + scheme.bonus_cap
    yield from holds(
        ordered, file, "recommend_line", scheme.recommend_line, "须在 pass_line 与满分(含加分)之间"
    )


def located(scheme: Scheme) -> Iterator[tuple[str, Indicator]]:
    for name, group in (("indicators", scheme.indicators), ("bonus", scheme.bonus)):
        for n, indicator in enumerate(group):
            yield f"{name}[{n}]({indicator.id})", indicator


def check_indicator(file: str, at: str, indicator: Indicator) -> Iterator[Mistake]:
    yield from among(file, f"{at}.kind", indicator.kind, KINDS)
    for need in NEEDS.get(indicator.kind, ()):
        yield from holds(
            getattr(indicator, need) not in (None, ()),
            file,
            f"{at}.{need}",
            "缺少",
            f"{indicator.kind} 须写明",
        )
    top = highest(indicator)
    yield from holds(
        top in (None, indicator.maximum),
        file,
        f"{at}.maximum",
        indicator.maximum,
        f"须等于各项合计或最高档 {top}",
    )
    points = [step.points for step in indicator.tiers]
    falling = points == sorted(points, reverse=True)
    yield from holds(falling, file, f"{at}.tiers", "、".join(map(str, points)), "须由高到低")


def highest(indicator: Indicator) -> Fraction | None:
    """The most points its items or tiers can give; None when the kind has neither."""
    if indicator.items:
        return sum((item.points for item in indicator.items), Fraction(0))
    return max((step.points for step in indicator.tiers), default=None)


def check_parts(file: str, scheme: Scheme, parts: tuple[tuple[str, Fraction], ...]) -> Iterator[Mistake]:
    declared = dict(parts)
    total = sum(declared.values(), Fraction(0))
    yield from holds(total == HUNDRED, file, "parts", total, "各部分合计须为100")
    for n, indicator in enumerate(scheme.indicators):
        yield from among(file, f"indicators[{n}].part", indicator.part, declared)
    for part, points in parts:
        found = sum((one.maximum for one in scheme.indicators if one.part == part), Fraction(0))
        yield from holds(found == points, file, f"parts.{part}", found, f"该部分各指标满分合计须为{points}")


def check_numbers(draft: Draft) -> Iterator[Mistake]:
    """A ratio takes its numbers from the roster's counts or from annex 3; a plain amount is claimed."""
    forms: Forms = draft["forms"]
    known = {count.key for count in forms.counts} | {
        field.key for field in forms.survey if field.kind in ("integer", "number")
    }
    for at, indicator in located(draft["scheme"]):
        names = (indicator.numerator, indicator.denominator) if indicator.denominator else ()
        for name in names:
            right = name in known
            yield from holds(right, "indicators.yaml", at, name, "须为 forms.yaml 的统计数或调查表数字项")
