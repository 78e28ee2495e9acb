"""What a town claims in annex 1: which cells it fills, how they are read, which facts they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.campaign.facts import fact_key, item_key
from rules.campaign.scheme import Indicator, Scheme
from rules.dossiers.cell_values import read_flag
from rules.dossiers.dossier import Cell
from rules.dossiers.tolerances import folded

NEVER_SILENT = ("deduct",)
"""Kinds where a blank cell would earn full points: silence must not."""


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
            yield Slot(key, key, item.name, needed=needed, flag=flag)
    elif not indicator.denominator:
        labels = tuple((folded(step.label), step.at_least) for step in indicator.tiers if step.label)
        yield Slot(indicator.id, fact_key(indicator), indicator.name, labels, needed)


def read_claim(slot: Slot, cell: Cell) -> Fraction | None:
    """The number of a filled cell: a named level, yes or no, or a number; None when unreadable."""
    level = dict(slot.words).get(folded(cell.text))
    if level is not None:
        return level
    number = read_flag(cell)
    if slot.flag:
        return number if number in (0, 1) else None
    return None if isinstance(cell.value, bool) else number


def claimed(scheme: Scheme, claims: Mapping[str, Cell]) -> dict[str, Fraction]:
    """The facts that annex 1 states; blank and unreadable cells give none."""
    read = ((slot.fact, read_claim(slot, claims[slot.key])) for slot in slots(scheme) if slot.key in claims)
    return {fact: number for fact, number in read if number is not None}


def score_key(indicator_id: str) -> str:
    """Where the town's own points for an indicator stand among the claims."""
    return f"{indicator_id}:score"
