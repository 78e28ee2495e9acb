"""Nobody is missing: people whom one source knows and a roster does not, who stand in two, or without a state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules.year.plan import Group
from rules.year.roster import LivingPerson


@dataclass(frozen=True, slots=True)
class Kept:
    """A person as a roster has them now. ``mark`` is the same wherever it is the same person, and no number
    can be read from it; ``confirmed`` is the last day on which somebody asked."""

    village_code: str
    mark: str
    person: LivingPerson
    confirmed: date


def unknown_to_rosters(marks: Iterable[str], kept: Iterable[Kept]) -> list[str]:
    """Whom business data know and no roster has, each once."""
    return sorted(set(marks) - {one.mark for one in kept})


def in_two_rosters(kept: Iterable[Kept]) -> dict[str, tuple[str, ...]]:
    """By mark, the villages of who stands in more than one roster, or more than once in one."""
    villages: dict[str, list[str]] = {}
    for one in kept:
        villages.setdefault(one.mark, []).append(one.village_code)
    return {mark: tuple(sorted(where)) for mark, where in villages.items() if len(where) > 1}


def without_state(kept: Iterable[Kept], *, column: str, of_working_age: Collection[str]) -> list[Kept]:
    """Who is of working age (by mark) and has nothing in the ``column`` of their employment."""
    return [one for one in kept if one.mark in of_working_age and not one.person.values.get(column)]


def overdue(
    kept: Iterable[Kept], groups: Iterable[Group], towns: Mapping[str, str], *, today: date
) -> dict[tuple[str, str], int]:
    """By town and group, how many should have been asked before ``today``; ``towns`` is by village code.

    Who is in two groups counts in each whose interval has passed.
    """
    asked, counts = tuple(groups), dict[tuple[str, str], int]()
    for one in kept:
        for group in asked:
            if group.holds(one.person.values) and group.interval.after(one.confirmed) < today:
                place = towns[one.village_code], group.key
                counts[place] = counts.get(place, 0) + 1
    return counts
