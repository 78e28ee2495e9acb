"""What happens to people: they go away, come back, stand in, stand down, must not act on a town."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from actions.duties import absences
from actions.people import person as person_acts
from actions.people import proposals, staff
from rehearsal.model.choices import Choices
from rehearsal.model.rows import Person as Row
from rehearsal.model.rows import Proposal
from rehearsal.model.world import Idle, World
from rules.campaign.campaign import ROLES, Person
from rules.duties.absences import Absence

SECOND = ("coordinator", "bureau_leader")
"""Who may confirm what another has proposed."""


def go_away(world: World, pick: Choices) -> object:
    who = world.anybody(pick)
    by = who if pick.rarely(40) else world.somebody(pick, "coordinator")
    first = world.today + timedelta(days=pick.one((0, 1, 5)))
    last = first + timedelta(days=pick.one((2, 20, 0)))
    deputy = "" if pick.rarely(50) else world.anybody(pick)
    world.tell(
        f"{by} records that {who} is away {first.date()} to {last.date()}, for them {deputy or 'the usual'}"
    )
    wanted = Absence(who, deputy, first.date(), last.date())
    return absences.record_absence(world.store, wanted, by=by, now=world.now)


def come_back(world: World, pick: Choices) -> object:
    if not world.rows.absences:
        return Idle.IDLE
    absence = world.rows.absences[-1 - pick.number(len(world.rows.absences))]
    by = absence.person_id if pick.rarely(50) else world.somebody(pick, "coordinator")
    world.tell(f"{by} ends the absence of {absence.person_id}")
    return absences.end_absence(world.store, absence_id=absence.id, by=by, now=world.now)


def set_deputy(world: World, pick: Choices) -> object:
    who, by = world.anybody(pick), world.somebody(pick, "coordinator")
    deputy = "" if pick.rarely(20) else world.anybody(pick)
    world.tell(f"{by} names {deputy or 'nobody'} as deputy of {who}")
    return staff.set_deputy(world.store, person_id=who, deputy=deputy, by=by, now=world.now)


def deactivate(world: World, pick: Choices) -> object:
    holders = [one.person_id for one in world.rows.open_duties()]
    who = pick.one(holders) if holders and pick.rarely(40) else world.anybody(pick)
    by = world.somebody(pick, "coordinator")
    world.tell(f"{by} stands {who} down")
    return staff.deactivate(world.store, person_id=who, by=by, now=world.now)


def activate(world: World, pick: Choices) -> object:
    down = [one.id for one in world.rows.people if not one.active]
    whom = world.among(pick, down, [one.id for one in world.rows.people])
    if not whom:
        return Idle.IDLE
    who, by = pick.one(whom), world.somebody(pick, "coordinator")
    world.tell(f"{by} takes {who} back")
    return staff.activate(world.store, person_id=who, by=by, now=world.now)


def declare_conflict(world: World, pick: Choices) -> object:
    who, town = world.somebody(pick, "reviewer", "bureau_leader"), pick.one(world.campaign.towns).code
    if who not in world.rows.person:
        return Idle.IDLE
    world.tell(f"{who} must not act on {town}")
    why = "" if pick.rarely(10) else "亲属任职"
    return person_acts.declare_conflict(world.store, person_id=who, towns=[town], why=why, now=world.now)


def change_roles(world: World, pick: Choices) -> object:
    """One role more, or one less."""
    row, by, role = pick.one(world.rows.people), world.somebody(pick, "coordinator"), pick.one(list(ROLES))
    before = _as_rule(world, row)
    roles = tuple(one for one in before.roles if one != role) or before.roles
    after = replace(before, roles=roles if role in before.roles else (*before.roles, role))
    world.tell(f"{by} gives {row.id} the roles {after.roles}")
    return person_acts.save_person(world.store, after, is_new=False, by=by, now=world.now)


def confirm_proposal(world: World, pick: Choices) -> object:
    """The second person, mostly somebody else than the first."""
    proposal = _proposal(world, pick)
    if proposal is None:
        return Idle.IDLE
    by = proposal.proposed_by if pick.rarely(15) else world.somebody(pick, *SECOND)
    world.tell(f"{by} confirms proposal {proposal.id}")
    return proposals.confirm(world.store, proposal_id=proposal.id, by=by, now=world.now)


def decline_proposal(world: World, pick: Choices) -> object:
    proposal = _proposal(world, pick)
    if proposal is None:
        return Idle.IDLE
    by = proposal.proposed_by if pick.rarely(30) else world.somebody(pick, *SECOND)
    world.tell(f"{by} declines proposal {proposal.id}")
    reason = "" if pick.rarely(10) else "未经核实。"
    return proposals.decline(world.store, proposal_id=proposal.id, by=by, reason=reason, now=world.now)


def _proposal(world: World, pick: Choices) -> Proposal | None:
    waiting = [one for one in world.rows.proposals if one.state == "open"]
    among = world.among(pick, waiting, world.rows.proposals)
    return pick.one(among) if among else None


def _as_rule(world: World, row: Row) -> Person:
    told = next(one for one in world.campaign.people if one.id == row.id)
    return replace(
        told,
        roles=tuple(json.loads(row.roles)),
        town_code=row.town_code,
        conflicts=tuple(json.loads(row.conflicts)),
        deputy=row.deputy,
    )
