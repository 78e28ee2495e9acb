"""Who is asked: the person for a duty or a seat, chosen the same way every time."""

from __future__ import annotations

from records import people
from records.store import Session
from records.tables import PersonRow, VillageRow
from records.villages import villages_of


class NobodyToAsk(Exception):
    """No active person holds the role: an open duty must have somebody who can act on it."""


def clerk_of(session: Session, town_code: str) -> str:
    return _first(people.with_role(session, "town_clerk", town_code=town_code), f"town_clerk of {town_code}")


def holder_of(session: Session, role: str) -> str:
    return _first(people.with_role(session, role), role)


def _first(candidates: list[PersonRow], wanted: str) -> str:
    if not candidates:
        raise NobodyToAsk(f"no active {wanted}: add one with 'hqe people import' and ring again")
    return candidates[0].id


def reviewer_for(
    session: Session, village: VillageRow, *, turn: int = 0, without: frozenset[str] = frozenset()
) -> str:
    """A reviewer without conflict in the village's town; villages go round, ``turn`` picks the next one."""
    candidates = [
        person.id
        for person in people.with_role(session, "reviewer", without_conflict=village.town_code)
        if person.id not in without
    ]
    if not candidates:
        raise NobodyToAsk(f"no reviewer without conflict for {village.code}")
    codes = [one.code for one in villages_of(session, village.campaign_id)]
    return candidates[(codes.index(village.code) + turn) % len(candidates)]
