"""What must hold in ``indicators.yaml``: annex 1 and the lines that decide."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from config.checks.conditions import Draft, Mistakes, among, holds, unique
from config.mistakes import Mistake
from rules.campaign.forms import Forms
from rules.campaign.scheme import Indicator, Scheme
from rules.campaign.scoring import EMPTY, KINDS, MAY, NEEDS
from rules.campaign.scoring_words import plain

FILE = "indicators.yaml"
SPECIAL = (
    "numerator", "denominator", "full_at", "at_most", "zero_below", "per_point", "tiers", "items",
    "per_case", "per_unit", "all_needed",
)  # fmt: skip
"""What only some kinds of indicator use."""
ABOVE_ZERO = ("maximum", "per_point", "per_case", "per_unit")


def check_scheme(draft: Draft) -> Mistakes:
    scheme: Scheme = draft["scheme"]
    ids = [one.id for _, one in located(scheme)] + [veto.id for veto in scheme.vetoes]
    yield from unique(FILE, "id", ids)
    for at, indicator in located(scheme):
        yield from check_kind(at, indicator)
        yield from check_limits(at, indicator)
        yield from check_maximum(at, indicator)
        yield from holds(
            indicator.tolerance >= 0, FILE, f"{at}.tolerance", plain(indicator.tolerance), "不得小于0"
        )
    for key in ("bonus_cap", "second_review_within"):
        number: Fraction = getattr(scheme, key)
        yield from holds(number >= 0, FILE, key, plain(number), "不得小于0")


def check_parts(draft: Draft) -> Mistakes:
    """The points of annex 1 add up: indicators to their part, parts to the whole, lines within it."""
    scheme: Scheme = draft["scheme"]
    parts: tuple[tuple[str, Fraction], ...] = draft["parts"]
    whole: Fraction = draft["full_marks"]
    total = sum((points for _, points in parts), Fraction(0))
    yield from unique(FILE, "parts", (part for part, _ in parts))
    yield from holds(
        total == whole, FILE, "parts", plain(total), f"各部分合计须为 full_marks 的{plain(whole)}"
    )
    for n, indicator in enumerate(scheme.indicators):
        yield from among(FILE, f"indicators[{n}]({indicator.id}).part", indicator.part, dict(parts))
    for part, points in parts:
        found = sum((one.maximum for one in scheme.indicators if one.part == part), Fraction(0))
        allowed = f"该部分各指标满分合计须为{plain(points)}"
        yield from holds(found == points, FILE, f"parts.{part}", plain(found), allowed)
    top = whole + scheme.bonus_cap
    for key, low in (("pass_line", Fraction(0)), ("recommend_line", scheme.pass_line)):
        line: Fraction = getattr(scheme, key)
        allowed = f"须在{plain(low)}与满分(含加分){plain(top)}之间"
        yield from holds(low <= line <= top, FILE, key, plain(line), allowed)


def located(scheme: Scheme) -> Iterator[tuple[str, Indicator]]:
    for name, group in (("indicators", scheme.indicators), ("bonus", scheme.bonus)):
        for n, indicator in enumerate(group):
            yield f"{name}[{n}]({indicator.id})", indicator


def check_kind(at: str, indicator: Indicator) -> Mistakes:
    """It says what its kind needs, and nothing that its kind would not read."""
    kind = indicator.kind
    yield from among(FILE, f"{at}.kind", kind, KINDS)
    if kind not in KINDS:
        return
    for need in NEEDS[kind]:
        one_of = need.split("|")
        there = any(says(indicator, key) for key in one_of)
        yield from holds(there, FILE, f"{at}.{one_of[0]}", "缺少", f"{kind} 须写明 {' 或 '.join(one_of)}")
    read = {key for need in NEEDS[kind] for key in need.split("|")} | set(MAY[kind])
    for key in [key for key in SPECIAL if says(indicator, key) and key not in read]:
        yield Mistake(FILE, f"{at}.{key}", "多余", f"{kind} 不用此键,可用:{'、'.join(sorted(read)) or '无'}")
    yield from among(FILE, f"{at}.when_empty", indicator.when_empty, EMPTY)


def says(indicator: Indicator, key: str) -> bool:
    return getattr(indicator, key) not in (None, (), "", False)


def check_limits(at: str, indicator: Indicator) -> Mistakes:
    for key in ABOVE_ZERO:
        number: Fraction | None = getattr(indicator, key)
        yield from holds(number is None or number > 0, FILE, f"{at}.{key}", number, "须大于0")
    full, zero = indicator.full_at, indicator.zero_below
    if full is not None and zero is not None:
        yield from holds(
            zero <= full, FILE, f"{at}.zero_below", plain(zero), f"不得高于 full_at {plain(full)}"
        )
    yield from check_scale(at, indicator)
    alone = bool(indicator.numerator) or not indicator.denominator
    yield from holds(alone, FILE, f"{at}.numerator", "缺少", "有 denominator 时须有 numerator")
    for higher, lower in pairwise(indicator.tiers):
        falls = higher.at_least > lower.at_least and higher.points > lower.points
        shown = (
            f"{plain(higher.at_least)}→{plain(higher.points)}、{plain(lower.at_least)}→{plain(lower.points)}"
        )
        yield from holds(falls, FILE, f"{at}.tiers", shown, "档位的界限和分值须由高到低")


MIXED = 10
"""So many times a whole is no share any more: 95 beside 0.91 means 0.95."""


def check_scale(at: str, indicator: Indicator) -> Mistakes:
    """The bounds of one ratio are all shares, or all times: never a percentage beside a share."""
    single = {key: getattr(indicator, key) for key in ("full_at", "zero_below", "at_most")}
    bounds = {key: bound for key, bound in single.items() if bound is not None}
    bounds |= {f"tiers[{n}]": tier.at_least for n, tier in enumerate(indicator.tiers)}
    shares = [key for key, bound in bounds.items() if 0 < bound <= 1]
    if not indicator.denominator or not shares:
        return
    for key, bound in bounds.items():
        if bound >= MIXED:
            allowed = f"与 {shares[0]} 的{plain(bounds[shares[0]])}单位不一;比率写作小数"
            written = f'"{plain(bound / 100)}"'
            line = f"[{written}, …]" if key.startswith("tiers") else f"{key}: {written}"
            yield Mistake(FILE, f"{at}.{key}", plain(bound), allowed, write=(line,))


def check_maximum(at: str, indicator: Indicator) -> Mistakes:
    top = highest(indicator)
    right = top in (None, indicator.maximum)
    allowed = f"须等于各项合计或最高档{plain(top or Fraction(0))}"
    yield from holds(right, FILE, f"{at}.maximum", plain(indicator.maximum), allowed)


def highest(indicator: Indicator) -> Fraction | None:
    """The most points its items or tiers can give; None when the kind has neither."""
    if indicator.kind == "checklist" and indicator.items:
        return sum((item.points for item in indicator.items), Fraction(0))
    return max((step.points for step in indicator.tiers), default=None)


def check_numbers(draft: Draft) -> Mistakes:
    """A ratio takes its numbers from the roster's counts or from annex 3; a plain amount is claimed."""
    forms: Forms = draft["forms"]
    known = {count.key for count in forms.counts} | {
        field.key for field in forms.survey if field.kind in ("integer", "number")
    }
    for at, indicator in located(draft["scheme"]):
        for key in ("numerator", "denominator") if indicator.denominator else ():
            name: str = getattr(indicator, key)
            right = name in known or not name
            allowed = "须为 forms.yaml 的统计数(counts)或调查表(survey)的数字项"
            yield from holds(right, FILE, f"{at}.{key}", name, allowed)
