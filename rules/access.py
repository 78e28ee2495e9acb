"""Who may do what on which object: one table, and whatever it does not list is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.campaign import ROLES, Person

OWN_TOWN, ASSIGNED, ANY = "own_town", "assigned", "any"

ONE_TIME_PASSWORD = frozenset({"reviewer", "coordinator", "bureau_leader", "finance", "auditor"})
"""Roles of the bureau: a password alone does not let them in."""

TOWN: Mapping[str, str] = {"town_clerk": OWN_TOWN, "deputy_head": OWN_TOWN}
OVERSIGHT: Mapping[str, str] = {"coordinator": ANY, "bureau_leader": ANY, "auditor": ANY}
COORDINATOR: Mapping[str, str] = {"coordinator": ANY}
EVERYBODY: Mapping[str, str] = dict.fromkeys(ROLES, ANY)
DECIDERS: Mapping[str, str] = {"reviewer": ASSIGNED, "bureau_leader": ASSIGNED, "finance": ASSIGNED}

DOORS: Mapping[str, Mapping[str, str]] = {
    "account": EVERYBODY,
    "inbox": EVERYBODY,
    "town.read": {**TOWN, **OVERSIGHT},
    "town.confirm_survey": TOWN,
    "town.announce_paper": TOWN,
    "town.receive_paper": COORDINATOR,
    "village.read": {**TOWN, **OVERSIGHT, "reviewer": ASSIGNED},
    "village.template": {**TOWN, **COORDINATOR},
    "village.hand_in": TOWN,
    "village.visit": {"reviewer": ASSIGNED},
    "upload.open": {**TOWN, **COORDINATOR, "reviewer": ASSIGNED},
    "duty.read": {**TOWN, **OVERSIGHT, "reviewer": ASSIGNED, "finance": ASSIGNED},
    "duty.ask_extension": TOWN,
    "duty.extend": COORDINATOR,
    "duty.hand_over": COORDINATOR,
    "duty.remind": COORDINATOR,
    "gate.read": {**DECIDERS, "coordinator": ANY, "auditor": ANY},
    "gate.score": {"reviewer": ASSIGNED},
    "gate.decide": {**DECIDERS, "coordinator": ASSIGNED},
    "gate.revise": COORDINATOR,
    "board.read": OVERSIGHT,
    "document.read": {**OVERSIGHT, "finance": ANY},
    "messages.read": {"coordinator": ANY, "auditor": ANY},
    "audit.read": {"coordinator": ANY, "auditor": ANY},
    "people.read": {"coordinator": ANY, "auditor": ANY},
    "people.invite": COORDINATOR,
}
"""Door -> role -> on which objects; deny by default."""


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody wants to get at: of which town, and who has been asked to act on it."""

    town_code: str = ""
    assigned: frozenset[str] = frozenset()


def may(door: str, person: Person, place: Place) -> bool:
    """Whether one of the person's roles opens ``door`` for this object."""
    scopes = {DOORS[door][role] for role in person.roles if role in DOORS[door]}
    return any(_reaches(scope, person, place) for scope in scopes)


def _reaches(scope: str, person: Person, place: Place) -> bool:
    if scope == OWN_TOWN:
        return bool(place.town_code) and place.town_code == person.town_code
    if scope == ASSIGNED:
        return person.id in place.assigned and place.town_code not in {
            person.town_code,
            *person.conflicts,
        } - {""}
    return True


def needs_one_time_password(roles: Iterable[str]) -> bool:
    return not ONE_TIME_PASSWORD.isdisjoint(roles)
