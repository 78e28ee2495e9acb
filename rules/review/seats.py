"""Seating people: everybody in at most one seat, and every seat taken if that is possible at all."""

from __future__ import annotations

from collections.abc import Sequence


def seat_all(candidates: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """A different person for each seat, its ``candidates`` in order of preference; None if too few.

    A later seat may move an earlier one to another of its candidates, so a person with two roles
    never blocks the only seat that somebody else could have taken.
    """
    taken: dict[str, int] = {}
    for seat in range(len(candidates)):
        if not find_room(seat, candidates, taken, asked=set()):
            return None
    sitting = {seat: person for person, seat in taken.items()}
    return tuple(sitting[seat] for seat in range(len(candidates)))


def find_room(
    seat: int, candidates: Sequence[Sequence[str]], taken: dict[str, int], *, asked: set[str]
) -> bool:
    """Sit somebody down at ``seat``, moving others on where that helps (Kuhn's algorithm)."""
    for person in sorted(candidates[seat], key=lambda person: person in taken):
        if person in asked:
            continue
        asked.add(person)
        if person not in taken or find_room(taken[person], candidates, taken, asked=asked):
            taken[person] = seat
            return True
    return False
