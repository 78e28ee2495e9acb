"""What people of a town do: the survey, dossiers, paper copies, requests for more time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from actions.campaign import survey
from actions.dossiers import paper, uploads, withdrawal
from actions.duties import extension_requests
from rehearsal.model.choices import Choices
from rehearsal.model.dossiers import STRENGTHS
from rehearsal.model.world import Idle, World
from rules.campaign.campaign import TOWN_ROLES

TOWN = tuple(sorted(TOWN_ROLES))
WAYS = ("专人送达", "")


def confirm_survey(world: World, pick: Choices) -> object:
    """Mostly of a town that has not answered; all its villages take part, or some."""
    every = ("open", "done", "late", "lapsed")
    asked = world.among(pick, world.duties("survey"), world.duties("survey", states=every))
    if not asked:
        return Idle.IDLE
    town = pick.one(asked).town_code
    by = world.somebody(pick, *TOWN, town=town)
    own = [one.code for one in world.rows.villages if one.town_code == town]
    taking_part = own[: len(own) - pick.number(2)]
    world.tell(f"{by} confirms the survey of {town}: {taking_part}")
    return survey.confirm_survey(
        world.store,
        campaign_id=world.campaign.id,
        town_code=town,
        villages=taking_part,
        by=by,
        now=world.now,
    )


def hand_in(world: World, pick: Choices) -> object:
    """Mostly of a village that owes a dossier; now and then the same file as before."""
    owed = [one.village_code for one in world.duties("dossier", "correction")]
    codes = world.among(pick, owed, [one.code for one in world.rows.villages])
    if not codes:
        return Idle.IDLE
    code = pick.one(codes)
    by = world.somebody(pick, *TOWN, town=world.campaign.village(code).town_code)
    strength = pick.one(STRENGTHS)
    world.filled += 0 if pick.rarely(6) else 1
    world.tell(f"{by} hands in a {strength} dossier of {code}")
    return uploads.hand_in(
        world.store,
        campaign_id=world.campaign.id,
        village_code=code,
        data=world.dossiers.fill(code, strength=strength, number=world.filled),
        by=by,
        now=world.now,
        host_now=world.now,
    )


def withdraw(world: World, pick: Choices) -> object:
    there = [one.village_code for one in world.rows.uploads if one.state in ("received", "accepted")]
    codes = world.among(pick, there, [one.code for one in world.rows.villages])
    if not codes:
        return Idle.IDLE
    code = pick.one(codes)
    by = world.somebody(pick, *TOWN, town=world.campaign.village(code).town_code)
    world.tell(f"{by} withdraws the dossier of {code}")
    return withdrawal.withdraw(
        world.store, campaign_id=world.campaign.id, village_code=code, by=by, now=world.now
    )


def _owing_paper(world: World, pick: Choices) -> Sequence[str]:
    owed = [one.town_code for one in world.duties("paper")]
    return world.among(pick, owed, [one.code for one in world.campaign.towns])


def announce_paper(world: World, pick: Choices) -> object:
    towns = _owing_paper(world, pick)
    if not towns:
        return Idle.IDLE
    town = pick.one(towns)
    by = world.somebody(pick, *TOWN, town=town)
    world.tell(f"{by} announces the paper copies of {town}")
    return paper.announce_paper(
        world.store,
        campaign_id=world.campaign.id,
        town_code=town,
        how=pick.one(WAYS),
        by=by,
        now=world.now,
    )


def record_paper(world: World, pick: Choices) -> object:
    """The bureau's side of it."""
    towns = _owing_paper(world, pick)
    if not towns:
        return Idle.IDLE
    town = pick.one(towns)
    by = world.somebody(pick, "coordinator", "reviewer")
    world.tell(f"{by} records the paper copies of {town}")
    return paper.record_paper(
        world.store, campaign_id=world.campaign.id, town_code=town, by=by, now=world.now
    )


def ask_extension(world: World, pick: Choices) -> object:
    owed = world.duties("survey", "dossier", "paper", "correction", states=("open", "lapsed"))
    known = world.among(pick, owed, world.rows.duties)
    if not known:
        return Idle.IDLE
    duty = pick.one(known)
    by = world.somebody(pick, *TOWN, town=duty.town_code)
    days = pick.one((7, 2, 0, 30))
    world.tell(f"{by} asks for {days} more days for {duty.key}")
    return extension_requests.ask_extension(
        world.store,
        duty_id=duty.id,
        by=by,
        wanted_due=world.campaign.end_of((world.today + timedelta(days=days)).date()),
        reason=pick.one(("经办人病假", "")),
        now=world.now,
    )
