"""Long lists cut into sheets, so that no page grows with the county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rules.entries import read_row_number

Item = TypeVar("Item")
HIGHEST = 100_000


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Item]):
    """One sheet of a list; ``number`` counts from 1, ``more`` says whether another one follows."""

    items: Sequence[Item]
    number: int
    more: bool


def number_in(text: str) -> int:
    """Which sheet an address asks for; the first where it asks for none that there can be."""
    number = read_row_number(text)
    return number if 0 < number <= HIGHEST else 1


def sheet_of(items: Sequence[Item], number: int, *, size: int) -> Sheet[Item]:
    """The sheet with this number; past the end, the last one."""
    number = min(number, max(1, -(-len(items) // size)))
    start = (number - 1) * size
    return Sheet(items[start : start + size], number, start + size < len(items))
