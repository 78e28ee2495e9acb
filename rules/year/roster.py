"""The living roster: what is known of a village's people on a day, replayed from dated changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ChangeKind = Literal["came", "left", "employment", "group", "contact", "corrected"]
"""``corrected`` says what always held from its day on; with ``corrects`` and no values it takes a change back."""
Values = Mapping[str, str]
"""By key of a roster column; an empty text empties the column."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is never changed: what holds of ``person`` from ``day`` on, noted at ``recorded_at``.

    ``person`` is the opaque key of a row of the roster; ``corrects`` is the id of the change that this one
    stands for from then on, whose day and values count no more.
    """

    id: int
    person: str
    kind: ChangeKind
    day: date
    recorded_at: datetime
    values: Values
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class LivingPerson:
    """A row of the roster on a day: ``key`` stays with it, and services refer to it."""

    key: str
    values: Values


def roster_on(
    changes: Iterable[Change], day: date, *, known_at: datetime | None = None
) -> tuple[LivingPerson, ...]:
    """Who was there at the end of ``day``, by key; as it was known at ``known_at``, or as it is known by now."""
    noted = [one for one in changes if known_at is None or one.recorded_at <= known_at]
    people: dict[str, list[Change]] = {}
    for change in sorted(standing(noted), key=order):
        if change.day <= day:
            people.setdefault(change.person, []).append(change)
    return tuple(
        LivingPerson(key, values_after(mine)) for key, mine in sorted(people.items()) if is_there(mine)
    )


def standing(changes: Iterable[Change]) -> Iterator[Change]:
    """Those that none corrects. What a correction stood for stays overtaken when it is corrected itself."""
    known = tuple(changes)
    overtaken = {one.corrects for one in known}
    return (one for one in known if one.id not in overtaken)


def order(change: Change) -> tuple[date, datetime, int]:
    """A late entry takes its place by its day; on one day what was noted last holds."""
    return change.day, change.recorded_at, change.id


def is_there(ordered: Iterable[Change]) -> bool:
    """Whether the last to come or leave came; who never came is not there."""
    moves = [one.kind for one in ordered if one.kind in {"came", "left"}]
    return moves[-1:] == ["came"]


def values_after(ordered: Iterable[Change]) -> dict[str, str]:
    """Column by column the last value. Who comes again begins with what was known of them."""
    values: dict[str, str] = {}
    for change in ordered:
        values |= change.values
    return {key: value for key, value in values.items() if value}
