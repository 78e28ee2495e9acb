"""Two sheets written blind, made into one: what both say stands, what lies between is halved or ruled on.

The notice has the bureau verify "通过调阅资料、查阅业务数据、实地走访" and is silent on how two reviewers become
one score; the three steps are the design's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules.campaign.scheme import Indicator, Scheme
from rules.campaign.scoring import ScoreLine, ScoreSheet, added_up, verdict
from rules.campaign.scoring_words import plain
from rules.entries import read_ratios
from rules.refusals import Refused

BEYOND, FLIPS, VETO = "beyond", "flips", "veto"
GROUNDS: Mapping[str, str] = {
    BEYOND: "两人相差超过容许范围",
    FLIPS: "相差虽小，却足以改变认定或推荐的结论",
    VETO: "只有一人认为应一票否决",
}
"""Why a third person is asked, in the words of the page."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One indicator or veto that a third person rules on: points of both (a veto: 1 or 0), and why."""

    id: str
    name: str
    first: Fraction
    second: Fraction
    most: Fraction
    why: str


def disputes(scheme: Scheme, first: ScoreSheet, second: ScoreSheet) -> tuple[Dispute, ...]:
    """What a third person has to rule on; empty when the sheets are near enough for the same verdict."""
    apart = tuple(one for one in indicators(scheme) if _points(first, one) != _points(second, one))
    flips = _flips(scheme, first, second, apart)
    lines = (_dispute(one, first, second, flips=flips) for one in apart)
    return (*(line for line in lines if line is not None), *_vetoes_apart(scheme, first, second))


def reconciled(
    scheme: Scheme, first: ScoreSheet, second: ScoreSheet, ruled: Mapping[str, Fraction]
) -> ScoreSheet:
    """The sheet on which the bureau decides. ``ruled`` has the third person's points by disputed indicator,
    1 or 0 by disputed veto; what it has of anything else is not looked at.

    ValueError when it lacks a dispute.
    """
    open_ = {one.id: one for one in disputes(scheme, first, second)}
    if not open_.keys() <= ruled.keys():
        raise ValueError(f"nobody has ruled on {', '.join(sorted(open_.keys() - ruled.keys()))}")
    lines = [
        _ruled(one, first, second, ruled[one.id]) if one.id in open_ else _agreed(one, first, second)
        for one in indicators(scheme)
    ]
    both = {*first.vetoes, *second.vetoes}
    held = [veto.id for veto in scheme.vetoes if (ruled[veto.id] if veto.id in open_ else veto.id in both)]
    return added_up(scheme, lines, tuple(held))


def ruling(
    open_: Sequence[Dispute], points: Mapping[str, str], reasons: Mapping[str, str]
) -> dict[str, Fraction] | Refused:
    """What a third person typed, as exact points by dispute; refused unless every dispute has points within
    the indicator's, and a reason."""
    names = {one.id: one.name for one in open_}
    if beside := sorted(points.keys() - names.keys()):
        return Refused("not_in_dispute", f"这些项目两人没有分歧，不需要裁定：{'、'.join(beside)}。")
    said = [{key for key, text in typed.items() if text.strip()} for typed in (points, reasons)]
    silent = [name for key, name in names.items() if not all(key in one for one in said)]
    if silent:
        return Refused("not_ruled", f"请对每处分歧写明裁定分值和理由：{'、'.join(silent)}。")
    exact = read_ratios({key: points[key] for key in names})
    if isinstance(exact, Refused):
        return exact
    beyond = [one.name for one in open_ if not _possible(one, exact[one.id])]
    if beyond:
        return Refused(
            "beyond_points", f"裁定的分值须在0分和该项满分之间，一票否决填1或0：{'、'.join(beyond)}。"
        )
    return exact


def _possible(one: Dispute, points: Fraction) -> bool:
    return points in (0, 1) if one.why == VETO else 0 <= points <= one.most


def indicators(scheme: Scheme) -> tuple[Indicator, ...]:
    """Every line of annex 1, bonus last."""
    return (*scheme.indicators, *scheme.bonus)


def _points(sheet: ScoreSheet, indicator: Indicator) -> Fraction:
    return sheet.line(indicator.id).points


def _dispute(one: Indicator, first: ScoreSheet, second: ScoreSheet, *, flips: bool) -> Dispute | None:
    a, b = _points(first, one), _points(second, one)
    beyond = abs(a - b) > one.tolerance
    if not (beyond or flips):
        return None
    return Dispute(one.id, one.name, a, b, one.maximum, BEYOND if beyond else FLIPS)


def _vetoes_apart(scheme: Scheme, first: ScoreSheet, second: ScoreSheet) -> Iterator[Dispute]:
    for veto in scheme.vetoes:
        a, b = veto.id in first.vetoes, veto.id in second.vetoes
        if a is not b:
            yield Dispute(veto.id, veto.name, Fraction(a), Fraction(b), Fraction(1), VETO)


def _flips(scheme: Scheme, first: ScoreSheet, second: ScoreSheet, apart: Sequence[Indicator]) -> bool:
    """Whether the lower and the higher value of every line in doubt lie on two sides of a deciding line."""
    low, high = (_at(scheme, first, second, choose) for choose in (min, max))
    chosen = {low.total >= scheme.recommend_line, high.total >= scheme.recommend_line}
    return bool(apart) and (len(chosen) > 1 or verdict(scheme, low) != verdict(scheme, high))


def _at(
    scheme: Scheme, first: ScoreSheet, second: ScoreSheet, choose: Callable[[Fraction, Fraction], Fraction]
) -> ScoreSheet:
    lines = [
        ScoreLine(one.id, choose(_points(first, one), _points(second, one)), "") for one in indicators(scheme)
    ]
    return added_up(scheme, lines, ())


def _agreed(one: Indicator, first: ScoreSheet, second: ScoreSheet) -> ScoreLine:
    a, b = _points(first, one), _points(second, one)
    if a == b:
        return first.line(one.id)
    return ScoreLine(one.id, (a + b) / 2, f"初审{plain(a)}分、复审{plain(b)}分，在容许范围内，取平均")


def _ruled(one: Indicator, first: ScoreSheet, second: ScoreSheet, points: Fraction) -> ScoreLine:
    a, b = _points(first, one), _points(second, one)
    return ScoreLine(one.id, points, f"初审{plain(a)}分、复审{plain(b)}分，裁定{plain(points)}分")
