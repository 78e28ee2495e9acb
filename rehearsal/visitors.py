"""Who may look at a rehearsal: an invitation for one person of each role, whoever has most to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from actions.people.invitations import Invitation, invite
from records import clock
from records.duties.duties import open_duties
from records.people import accounts
from records.people.people import everybody
from records.store import Session, Store
from rules.campaign.campaign import ROLES, Campaign


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody's role and name, and the one-time link (seven days) by which a visitor becomes them."""

    role: str
    name: str
    link: str


def let_in_visitors(store: Store, campaign: Campaign, portal: str) -> list[Visitor]:
    """Links for one person of each role, in the order of ``ROLES``; the simulated person's own password ends."""
    now, host_now = clock.now(store), clock.host_now()
    with store.reading() as session:
        chosen = _busiest(session, campaign.id)
    with store.writing() as session:
        for person_id in chosen.values():
            accounts.forget_credential(session, person_id)
    invited = {
        role: invite(store, person_id=person_id, by="system", now=now, host_now=host_now)
        for role, person_id in chosen.items()
    }
    return [
        Visitor(ROLES[role], one.name, one.link(portal))
        for role, one in invited.items()
        if isinstance(one, Invitation)
    ]


def _busiest(session: Session, campaign_id: str) -> dict[str, str]:
    """Role -> the active person in it with the most open duties."""
    load = Counter(duty.person_id for duty in open_duties(session, campaign_id))
    people = [person for person in everybody(session) if person.active]
    return {
        role: max(inside, key=lambda person: load[person.id]).id
        for role in ROLES
        if (inside := [person for person in people if role in person.roles])
    }
