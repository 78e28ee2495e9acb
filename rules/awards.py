"""The award ledger's arithmetic: paid once, at the highest level, never twice (notice, section four)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rules.campaign import AwardLevel


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment of the ledger in yuan; a recovery is a row with a negative amount."""

    village_code: str
    year: int
    level: str
    yuan: int


def difference(level_yuan: int, paid_so_far: int) -> int:
    return level_yuan - paid_so_far


def once(level_yuan: int, paid_so_far: int) -> int:
    return level_yuan if paid_so_far <= 0 else 0


POLICIES: Mapping[str, Callable[[int, int], int]] = {
    "difference": difference,
    "once": once,
    "wait": once,
}
"""Three readings of "一次性、从高不重复" (domain 4.1): a higher level pays the difference; nothing is
ever topped up; one payment after every level's result is known."""


def payable(policy: str, level_yuan: int, paid_so_far: int, *, results_final: bool = True) -> int:
    """Yuan to pay now for the highest level reached; never negative.

    Under ``wait`` nothing is paid until the results of every level are final.
    """
    if policy == "wait" and not results_final:
        return 0
    return max(0, POLICIES[policy](level_yuan, paid_so_far))


def paid_so_far(
    ledger: Iterable[Paid], village_code: str, *, predecessors: frozenset[str] = frozenset(), since: int = 0
) -> int:
    """Yuan paid from the year ``since`` on to the village and to the villages merged into it."""
    codes = predecessors | {village_code}
    return sum(paid.yuan for paid in ledger if paid.village_code in codes and paid.year >= since)


def highest(levels: Iterable[AwardLevel]) -> AwardLevel | None:
    """The best paid of the levels reached ("从高"), None when there is none."""
    return max(levels, key=lambda level: level.yuan, default=None)
