"""Who may do what on which object: one table, and whatever it does not list is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.campaign.campaign import ROLES, Person

OWN_TOWN, ASSIGNED, ANY = "own_town", "assigned", "any"

ONE_TIME_PASSWORD = frozenset({"reviewer", "coordinator", "bureau_leader", "finance", "auditor"})
"""Roles of the bureau: a password alone does not let them in."""

TOWN: Mapping[str, str] = {"town_clerk": OWN_TOWN, "deputy_head": OWN_TOWN}
OVERSIGHT: Mapping[str, str] = {"coordinator": ANY, "bureau_leader": ANY, "auditor": ANY}
COORDINATOR: Mapping[str, str] = {"coordinator": ANY}
EVERYBODY: Mapping[str, str] = dict.fromkeys(ROLES, ANY)
DECIDERS: Mapping[str, str] = {"reviewer": ASSIGNED, "bureau_leader": ASSIGNED, "finance": ASSIGNED}

RIGHTS: Mapping[str, Mapping[str, str]] = {
    "account": EVERYBODY,
    "absence.record_own": EVERYBODY,
    "absence.record": COORDINATOR,
    "absence.end": {**dict.fromkeys(ROLES, ASSIGNED), **COORDINATOR},
    "token.make": EVERYBODY,
    "token.revoke": dict.fromkeys(ROLES, ASSIGNED),
    "inbox": EVERYBODY,
    "help.read": EVERYBODY,
    "town.read": {**TOWN, **OVERSIGHT},
    "town.confirm_survey": TOWN,
    "town.announce_paper": TOWN,
    "town.receive_paper": COORDINATOR,
    "village.read": {**TOWN, **OVERSIGHT, "reviewer": ASSIGNED},
    "village.explain": {**OVERSIGHT, "reviewer": ASSIGNED},
    "village.template": {**TOWN, **COORDINATOR},
    "village.hand_in": TOWN,
    "village.visit": {"reviewer": ASSIGNED},
    "upload.open": {**TOWN, **COORDINATOR, "reviewer": ASSIGNED},
    "picture.read": {**OVERSIGHT, "reviewer": ASSIGNED},
    "roster.read": {**TOWN, **COORDINATOR, "reviewer": ASSIGNED},
    "business.read": {**COORDINATOR, "reviewer": ASSIGNED},
    "business.import": COORDINATOR,
    "roster.unmask": {**COORDINATOR, "reviewer": ASSIGNED},
    "upload.withdraw": TOWN,
    "duty.read": {**TOWN, **OVERSIGHT, "reviewer": ASSIGNED, "finance": ASSIGNED},
    "duty.ask_extension": TOWN,
    "duty.extend": COORDINATOR,
    "duty.hand_over": COORDINATOR,
    "duty.remind": COORDINATOR,
    "gate.read": {**DECIDERS, "coordinator": ANY, "auditor": ANY},
    "gate.score": {"reviewer": ASSIGNED},
    "gate.decide": {**DECIDERS, "coordinator": ASSIGNED},
    "cases.decide": {"bureau_leader": ANY, "coordinator": ANY},
    "gate.revise": COORDINATOR,
    "gate.record_phone": COORDINATOR,
    "gate.object": {**DECIDERS, "coordinator": ASSIGNED},
    "gate.reopen": COORDINATOR,
    "time.read": {**dict.fromkeys(TOWN, ANY), **OVERSIGHT},
    "calendar.read": OVERSIGHT,
    "calendar.change": COORDINATOR,
    "visits.read": {**OVERSIGHT, "reviewer": ANY},
    "publicity.read": OVERSIGHT,
    "objection.record": COORDINATOR,
    "objection.answer": {"coordinator": ANY, "bureau_leader": ANY},
    "stage.read": OVERSIGHT,
    "stage.change": COORDINATOR,
    "board.read": OVERSIGHT,
    "document.read": {**OVERSIGHT, "finance": ANY},
    "paper.make": {"coordinator": ANY, "finance": ANY},
    "ledger.read": {**TOWN, **OVERSIGHT, "finance": ANY},
    "ledger.enter": COORDINATOR,
    "ledger.confirm": {"finance": ANY},
    "messages.read": {"coordinator": ANY, "auditor": ANY},
    "audit.read": {"coordinator": ANY, "auditor": ANY},
    "people.read": {"coordinator": ANY, "auditor": ANY},
    "people.invite": COORDINATOR,
    "people.change": COORDINATOR,
    "proposal.read": OVERSIGHT,
    "proposal.decide": {"coordinator": ANY, "bureau_leader": ANY, "auditor": ANY},
    "messages.change": COORDINATOR,
    "call.record": COORDINATOR,
    "year.read": {**TOWN, **COORDINATOR},
    "year.keep": {"town_clerk": OWN_TOWN, "coordinator": ANY},
    "prefect.look": OVERSIGHT,
    "prefect.press": {"coordinator": ANY, "bureau_leader": ANY},
}
"""Door -> role -> on which objects; deny by default."""

SCOPES: Mapping[str, str] = {
    "board.read": "查看进度总览",
    "village.read": "查看材料版本和校验结果",
    "village.hand_in": "上报申报材料",
    "inbox": "列出待本人办理的审批点",
    "gate.read": "查看审批点",
    "gate.decide": "索取授权码并作决定",
}
"""Doors that a token of the JSON interface may be given, and what each is called."""
ANY_TOKEN = "account"
"""The right that every token has: it says whose it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody wants to get at: of which town, and who has been asked to act on it."""

    town_code: str = ""
    assigned: frozenset[str] = frozenset()


def may(right: str, person: Person, place: Place) -> bool:
    """Whether one of the person's roles gives them ``right`` on this object."""
    scopes = {RIGHTS[right][role] for role in person.roles if role in RIGHTS[right]}
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


def scopes_for(roles: Iterable[str]) -> tuple[str, ...]:
    """What a token of somebody with these roles can be given: no more than they may do themselves."""
    held = frozenset(roles)
    return tuple(scope for scope in SCOPES if not held.isdisjoint(RIGHTS[scope]))


def grants(scopes: Iterable[str], right: str) -> bool:
    """Whether a token made for ``scopes`` may ask for ``right`` at all; who has it is said by ``may``."""
    return right == ANY_TOKEN or right in scopes
