"""What a town claims in annex 1: which cells it fills, how they are read, which facts they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.campaign.facts import fact_key, item_key
from rules.campaign.scheme import Indicator, Scheme
from rules.dossiers.cell_values import read_flag, read_number
from rules.dossiers.dossier import Cell
from rules.dossiers.tolerances import NO, folded

NEVER_SILENT = ("deduct",)
"""Kinds where a blank cell would earn full points: silence must not."""
COUNTED = ("deduct", "per_unit")
"""Kinds that ask for a number of cases, people or times: whole ones."""
NONE = frozenset({"无", "没有"})
"""Words for 0 where a number or a level is asked for."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell of annex 1: its key among the claims, the fact it gives, and the words it may hold."""

    key: str
    fact: str
    title: str
    words: tuple[tuple[str, Fraction], ...] = ()
    needed: bool = False
    flag: bool = False
    """Whether it asks for yes or no."""
    whole: bool = False
    """Whether it asks for a number of something."""
    most: Fraction | None = None
    """More points than these cannot be claimed."""


def slots(scheme: Scheme) -> Iterator[Slot]:
    """Every cell that a town fills besides its own points; ratios come from the roster and have none."""
    for indicator in scheme.indicators:
        yield from indicator_slots(indicator, needed=indicator.kind in NEVER_SILENT)
    for indicator in scheme.bonus:
        yield from indicator_slots(indicator, needed=False)
    for veto in scheme.vetoes:
        yield Slot(veto.id, veto.id, veto.name, flag=True)


def indicator_slots(indicator: Indicator, *, needed: bool) -> Iterator[Slot]:
    if indicator.items:
        for number, item in enumerate(indicator.items, 1):
            key, flag = item_key(indicator, number), indicator.kind == "checklist"
            yield Slot(key, key, item.name, needed=needed, flag=flag, whole=not flag)
    elif not indicator.denominator:
        labels = tuple((folded(step.label), step.at_least) for step in indicator.tiers if step.label)
        whole = indicator.kind in COUNTED
        most = indicator.maximum if indicator.kind == "manual" else None
        fact = fact_key(indicator)
        yield Slot(indicator.id, fact, indicator.name, labels, needed, whole=whole, most=most)


def read_claim(slot: Slot, cell: Cell) -> Fraction | None:
    """The number of a filled cell: yes or no, one of the named levels, or a number; None when unreadable."""
    if slot.flag:
        number = read_flag(cell)
        return number if number in (0, 1) else None
    text = folded(cell.text)
    number = Fraction(0) if text in NONE else None if isinstance(cell.value, bool) else read_number(cell)
    if slot.words:
        return Fraction(0) if text == NO or number == 0 else dict(slot.words).get(text)
    return None if number is None or (slot.whole and number.denominator > 1) else number


def answers_to(slot: Slot) -> str:
    """What may be filled in, in words."""
    if slot.flag:
        return "“是”或“否”"
    if slot.words:
        return f"{'、'.join(word for word, _ in slot.words)}中的一个（没有的填“无”）"
    return "不小于0的整数，不写单位（没有的填0）" if slot.whole else "不小于0的数字，不写单位（没有的填0）"


def claimed(scheme: Scheme, claims: Mapping[str, Cell]) -> dict[str, Fraction]:
    """The facts that annex 1 states; blank and unreadable cells give none."""
    read = ((slot.fact, read_claim(slot, claims[slot.key])) for slot in slots(scheme) if slot.key in claims)
    return {fact: number for fact, number in read if number is not None}


def score_key(indicator_id: str) -> str:
    """Where the town's own points for an indicator stand among the claims."""
    return f"{indicator_id}:score"
