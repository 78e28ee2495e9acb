"""Nobody is missing: people who stand in two rosters, or without a state."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rules.year.roster import LivingPerson


@dataclass(frozen=True, slots=True)
class Kept:
    """A person as the roster of a village has them now."""

    village_code: str
    person: LivingPerson


def in_two_rosters(places: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """By mark, the villages of who stands in more than one roster, or more than once in one.

    ``places`` are (mark, village): a mark is the same wherever it is the same person, and no number can be read
    from it.
    """
    villages: dict[str, list[str]] = {}
    for mark, village in places:
        villages.setdefault(mark, []).append(village)
    return {mark: tuple(sorted(where)) for mark, where in villages.items() if len(where) > 1}


def without_state(kept: Iterable[Kept], *, column: str, of_working_age: Collection[str]) -> list[Kept]:
    """Who is of working age (by the key of the row) and has nothing in the ``column`` of their employment."""
    return [one for one in kept if one.person.key in of_working_age and not one.person.values.get(column)]
