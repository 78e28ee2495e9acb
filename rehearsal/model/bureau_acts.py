"""What the bureau does about duties, lists and stages: more time, other hands, revised lists, stages by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.campaign import stage_changes
from actions.duties import extension_requests, extensions, handover, reminders
from actions.lists import revision
from rehearsal.model.choices import Choices
from rehearsal.model.rows import Duty
from rehearsal.model.world import Idle, World
from rules.campaign.campaign import STAGES
from rules.refusals import Refused

WHY = "情况特殊，予以办理。"


def extend(world: World, pick: Choices) -> object:
    """Look at the price of more time, and grant it anyway."""
    owed = world.duties(states=("open", "lapsed"))
    known = world.among(pick, owed, world.rows.duties)
    if not known:
        return Idle.IDLE
    return _grant(world, pick, pick.one(known))


def _grant(world: World, pick: Choices, duty: Duty) -> object:
    by, offered = world.somebody(pick, "coordinator"), _offer(world, pick, duty)
    if isinstance(offered, Refused):
        return offered
    return extensions.grant(
        world.store,
        offered=offered,
        by=by,
        reason=_why(pick),
        anyway=not pick.rarely(30),
        now=world.now,
    )


def _offer(world: World, pick: Choices, duty: Duty) -> extensions.Offer | Refused:
    due = datetime.fromisoformat(f"{duty.due_at}+00:00").astimezone(world.campaign.zone)
    until = max(due, world.today) + timedelta(days=pick.one((2, 5, 0, 30, 3000)))
    world.tell(f"a coordinator looks at moving {duty.key} to {until.date()}")
    with world.store.reading() as session:
        return extensions.offer(session, duty.id, until=until.date(), now=world.now)


def _why(pick: Choices) -> str:
    return "" if pick.rarely(8) else WHY


def grant_request(world: World, pick: Choices) -> object:
    if not world.rows.requests:
        return Idle.IDLE
    request = world.rows.requests[-1 - pick.number(len(world.rows.requests))]
    duty = next(one for one in world.rows.duties if one.id == request.duty_id)
    by, offered = world.somebody(pick, "coordinator"), _offer(world, pick, duty)
    if isinstance(offered, Refused):
        return offered
    world.tell(f"{by} grants request {request.id}")
    return extension_requests.grant_request(
        world.store,
        request_id=request.id,
        by=by,
        due_at=offered.due_at,
        lock_at=offered.lock_at,
        words=_why(pick),
        now=world.now,
    )


def refuse_request(world: World, pick: Choices) -> object:
    if not world.rows.requests:
        return Idle.IDLE
    request = world.rows.requests[-1 - pick.number(len(world.rows.requests))]
    by = world.somebody(pick, "coordinator")
    world.tell(f"{by} refuses request {request.id}")
    return extension_requests.refuse_request(
        world.store, request_id=request.id, by=by, words=_why(pick), now=world.now
    )


def hand_over(world: World, pick: Choices) -> object:
    owed = world.rows.open_duties()
    known = world.among(pick, owed, world.rows.duties)
    if not known:
        return Idle.IDLE
    duty = pick.one(known)
    to, by = world.somebody(pick, duty.role, town=duty.town_code), world.somebody(pick, "coordinator")
    if duty.role == "reviewer":
        to = world.somebody(pick, duty.role)
    world.tell(f"{by} gives {duty.key} to {to}")
    return handover.hand_over(world.store, duty_id=duty.id, to=to, by=by, reason=_why(pick), now=world.now)


def remind(world: World, pick: Choices) -> object:
    owed = world.among(pick, world.rows.open_duties(), world.rows.duties)
    if not owed:
        return Idle.IDLE
    duty, by = pick.one(owed), world.somebody(pick, "coordinator")
    world.tell(f"{by} reminds of {duty.key}")
    return reminders.remind_now(world.store, duty_id=duty.id, by=by, now=world.now)


def revise(world: World, pick: Choices) -> object:
    """A list that came back, now and then without one of its villages."""
    lists = [one for one in world.rows.gates if not one.village_code]
    returned = [one for one in lists if one.answer == "return"]
    gates = world.among(pick, returned, lists)
    if not gates:
        return Idle.IDLE
    gate = gates[-1]
    by = world.somebody(pick, "coordinator")
    off = {world.village(pick).code: _why(pick)} if pick.rarely(40) else {}
    world.tell(f"{by} revises {gate.name} #{gate.attempt} without {off}")
    return revision.revise(world.store, gate_id=gate.id, by=by, excluded=off, note=_why(pick), now=world.now)


def close_stage(world: World, pick: Choices) -> object:
    """Mostly the one that is open."""
    under_way = [one.name for one in world.rows.stages if one.state == "open"]
    stages = world.among(pick, under_way, [*STAGES, "no_such"])
    if not stages:
        return Idle.IDLE
    stage = pick.one(stages)
    by = world.somebody(pick, "coordinator")
    world.tell(f"{by} closes the stage {stage}")
    return stage_changes.close_early(
        world.store, campaign_id=world.campaign.id, stage=stage, by=by, reason=_why(pick), now=world.now
    )


def reopen_stage(world: World, pick: Choices) -> object:
    closed = [one.name for one in world.rows.stages if one.state == "closed"]
    stages = world.among(pick, closed, STAGES)
    if not stages:
        return Idle.IDLE
    stage = pick.one(stages)
    by, until = world.somebody(pick, "coordinator"), world.today + timedelta(days=pick.one((3, 10, 0, 3000)))
    world.tell(f"{by} opens the stage {stage} again until {until.date()}")
    return stage_changes.reopen_stage(
        world.store,
        campaign_id=world.campaign.id,
        stage=stage,
        until=until.date(),
        by=by,
        reason=_why(pick),
        now=world.now,
    )
