"""Who is asked: the person for a duty or a seat, chosen the same way every time."""

from __future__ import annotations

from records.campaign.villages import villages_of
from records.people import people
from records.store import Session
from records.tables.campaign import VillageRow
from rules.campaign.campaign import GatePlan
from rules.review.seats import seat_all

REMEDY = "add one with 'hqe people import' and ring again"


class NobodyToAsk(Exception):
    """No active person holds the role: an open duty must have somebody who can act on it."""


def clerk_of(session: Session, town_code: str) -> str:
    clerks = people.with_role(session, "town_clerk", town_code=town_code)
    if not clerks:
        raise NobodyToAsk(f"no active town_clerk of {town_code}: {REMEDY}")
    return clerks[0].id


def coordinator_of(session: Session) -> str:
    coordinators = people.with_role(session, "coordinator")
    if not coordinators:
        raise NobodyToAsk(f"no active coordinator: {REMEDY}")
    return coordinators[0].id


def seats_for(
    session: Session,
    plan: GatePlan,
    village: VillageRow | None = None,
    *,
    without: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """A different person for each seat; about a village, nobody with a conflict in its town."""
    chosen = seat_all([_for_seat(session, seat.role, village, without) for seat in plan.seats])
    if chosen is None:
        about = village.code if village else "the campaign"
        raise NobodyToAsk(f"too few people for the seats of {plan.name} about {about}: {REMEDY}")
    return {seat.name: person for seat, person in zip(plan.seats, chosen, strict=True)}


def _for_seat(session: Session, role: str, village: VillageRow | None, without: frozenset[str]) -> list[str]:
    """Whoever may sit, in the order in which they are asked: reviewers take villages in turn."""
    town = village.town_code if village else ""
    fit = [one.id for one in people.with_role(session, role, without_conflict=town) if one.id not in without]
    return _turned(fit, _place(session, village)) if village and role == "reviewer" else fit


def reviewers_for(session: Session, village: VillageRow, *, turn: int = 0) -> list[str]:
    """Reviewers without conflict in the village's town; villages go round, ``turn`` begins with a later one."""
    candidates = _for_seat(session, "reviewer", village, frozenset())
    if not candidates:
        raise NobodyToAsk(f"no reviewer without conflict for {village.code}: {REMEDY}")
    return _turned(candidates, turn)


def _place(session: Session, village: VillageRow) -> int:
    return [one.code for one in villages_of(session, village.campaign_id)].index(village.code)


def _turned(candidates: list[str], by: int) -> list[str]:
    start = by % len(candidates) if candidates else 0
    return candidates[start:] + candidates[:start]
