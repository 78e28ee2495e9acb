"""Where histories begin: a small campaign at several points of its way, kept once and put back each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from actions.campaign import lifecycle, survey
from actions.dossiers import paper, uploads
from actions.review import decisions, score_sheets, visits
from actions.review.planning import plan
from actions.review.planning.signatures import digest_of, sign_visit
from actions.runs import tick
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign, restrict
from records.copies.in_memory import InMemoryStore
from records.review.visits import visits_to
from records.sealing.vault import Vault
from rehearsal.model.dossiers import Dossiers
from rehearsal.model.rows import Rows, look
from rehearsal.model.run_acts import settle
from rehearsal.model.world import Letter, World
from rules.campaign.campaign import Campaign, Seat
from rules.refusals import Refused

CAMPAIGN_ID = "longquan-2020"
VILLAGES = 3
PASS, RECOMMEND = Fraction(85, 100), Fraction(90, 100)
"""Shares of all the points."""


INDICATORS = ("A1.1", "A2.1", "B1.1", "B1.2", "B2.1")
"""One of each kind that is reckoned in a way of its own: scoring two dozen would be a fifth of all the work."""


@lru_cache(maxsize=1)
def usual() -> Campaign:
    """Three villages in two towns, scored by few indicators with lines to match."""
    campaign = restrict(read_campaign(campaign_folder(CAMPAIGN_ID)), VILLAGES)
    few = tuple(one for one in campaign.scheme.indicators if one.id in INDICATORS)
    most = sum(one.maximum for one in few)
    scheme = replace(
        campaign.scheme,
        indicators=few,
        bonus=(),
        pass_line=most * PASS,
        recommend_line=most * RECOMMEND,
    )
    return replace(campaign, scheme=scheme)


@lru_cache(maxsize=1)
def many_seats() -> Campaign:
    """The same, where two of three seats are enough for a desk review and of a recognition."""
    campaign = usual()
    several = {
        "desk_review": tuple(Seat(f"初审{place}", "reviewer") for place in "甲乙丙"),
        "recognition": (Seat("人社局", "bureau_leader"), Seat("复核", "bureau_leader")),
    }
    gates = tuple(
        replace(gate, seats=several[gate.name], quorum=2 if gate.name == "desk_review" else 1)
        if gate.name in several
        else gate
        for gate in campaign.gates
    )
    return replace(campaign, gates=gates)


@dataclass(frozen=True, slots=True)
class Start:
    """A point of the way, as it is put back."""

    name: str
    campaign: Campaign
    now: datetime
    kept: bytes
    rows: Rows
    dossiers: Dossiers
    letters: tuple[Letter, ...]
    many_seats: bool


@lru_cache(maxsize=1)
def the_store() -> InMemoryStore:
    """One for all histories of this process."""
    return InMemoryStore(vault=Vault(bytes(range(32))), home=Path("/nowhere"))


@lru_cache(maxsize=1)
def starts() -> tuple[Start, ...]:
    """Every point of the usual campaign, then of the one with many seats."""
    return (*_played(usual()), *_played(many_seats()))


def begin(start: Start) -> World:
    """The world as it was there."""
    the_store().put_back(start.kept)
    return World(start.campaign, the_store(), start.now, start.dossiers, start.rows, [*start.letters])


# --- the way -------------------------------------------------------------------------------------


def _played(campaign: Campaign) -> Sequence[Start]:
    empty = InMemoryStore(vault=Vault(bytes(range(32))), home=Path("/nowhere")).keep()
    the_store().put_back(empty)
    now = datetime(2020, 10, 20, 10, tzinfo=campaign.zone)
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2020, 2021))
    lifecycle.open_campaign(the_store(), campaign=campaign, calendar=calendar, by="coordinator-1", now=now)
    world = World(campaign, the_store(), now, Dossiers(campaign), look(the_store()))
    points = []
    for name, steps in WAY.items():
        for step in steps:
            step(world)
        settle(world)
        world.look()
        points.append(
            Start(
                name,
                campaign,
                world.now,
                world.store.keep(),
                world.rows,
                world.dossiers,
                tuple(world.letters),
                campaign == many_seats(),
            )
        )
    return points


def doubted(start: Start) -> Start:
    """From the open desk reviews to the second ones: every first reviewer doubts some of the work."""
    world = begin(start)
    items = [
        f"{one.id}/{n}" for one in start.campaign.scheme.indicators for n in range(1, len(one.items) + 1)
    ]
    doubts = dict.fromkeys(items[:3], "0")
    for duty in world.duties("gate"):
        made = score_sheets.score(
            world.store, gate_id=duty.gate_id or 0, by=duty.person_id, adjustments=doubts,
            reasons=dict.fromkeys(doubts, "台账没有工作记录"), now=world.now,
        )  # fmt: skip
        assert not isinstance(made, Refused), made
    for step in (_answered("desk_review"), _visited):
        step(world)
        settle(world)
        world.look()
    kept, letters = world.store.keep(), tuple(world.letters)
    return replace(
        start, name="the second reviews are open", now=world.now, kept=kept, rows=world.rows, letters=letters
    )


def _at(month: int, day: int) -> Callable[[World], None]:
    def move(world: World) -> None:
        world.now = datetime(2020, month, day, 10, tzinfo=world.campaign.zone)
        tick.follow_calendar(world.store, campaign_id=world.campaign.id, now=world.now)
        settle(world)
        plan.keep_visits(world.store, campaign_id=world.campaign.id, now=world.now, plainly=True)
        settle(world)
        world.look()

    return move


def _surveyed(world: World) -> None:
    for town in world.campaign.towns:
        own = [one.code for one in world.rows.villages if one.town_code == town.code]
        _done(
            survey.confirm_survey(
                world.store,
                campaign_id=world.campaign.id,
                town_code=town.code,
                villages=own,
                by=f"clerk-{town.code}",
                now=world.now,
            )
        )


def _handed_in(world: World) -> None:
    for village in world.rows.villages:
        data = world.dossiers.fill(village.code, strength="strong", number=0)
        clerk = f"clerk-{village.town_code}"
        _done(
            uploads.hand_in(
                world.store,
                campaign_id=world.campaign.id,
                village_code=village.code,
                data=data,
                by=clerk,
                now=world.now,
                host_now=world.now,
            )
        )
    for town in world.campaign.towns:
        _done(
            paper.record_paper(
                world.store,
                campaign_id=world.campaign.id,
                town_code=town.code,
                by="coordinator-1",
                now=world.now,
            )
        )


def _answered(*names: str) -> Callable[[World], None]:
    """Whoever is asked at one of these gates gives the first answer that there is."""

    def answer(world: World) -> None:
        for duty in world.duties("gate"):
            gate = world.rows.gate[duty.gate_id or 0]
            if gate.name in names:
                made = decisions.decide(
                    world.store,
                    gate_id=gate.id,
                    attempt=gate.attempt,
                    by=duty.person_id,
                    answer=world.campaign.gate(gate.name).answers[0][0],
                    reason="",
                    seen_hash=gate.content_hash,
                    door="rehearsal",
                    now=world.now,
                )
                # Where fewer answers than seats are enough, the last ones come too late.
                assert not isinstance(made, Refused) or made.code == "gate_closed", made

    return answer


def _visited(world: World) -> None:
    for duty in world.duties("visit"):
        _done(
            visits.record_visit(
                world.store,
                campaign_id=world.campaign.id,
                village_code=duty.village_code,
                by=duty.person_id,
                notes="现场核实，情况属实。",
                adjustments={},
                now=world.now,
            )
        )
    world.look()
    for duty in world.duties("signature"):
        with world.store.reading() as session:
            seen = digest_of(session, visits_to(session, world.campaign.id, duty.village_code)[-1])
        _done(
            sign_visit(
                world.store,
                campaign_id=world.campaign.id,
                village_code=duty.village_code,
                by=duty.person_id,
                seen=seen,
                now=world.now,
            )
        )


def _done(outcome: object) -> None:
    assert not isinstance(outcome, Refused), outcome


WAY: dict[str, Sequence[Callable[[World], None]]] = {
    "the survey is asked for": (),
    "dossiers are asked for": (_surveyed, _at(10, 24)),
    "the desk reviews are open": (_handed_in, _at(11, 16)),
    "the visits are owed": (_answered("desk_review"),),
    "the bureau is asked to recognise": (_visited,),
    "the recommendation is open": (_answered("recognition"), _at(11, 26)),
    "the award is open": (_answered("recommendation"), _at(12, 1)),
}
"""By the name of each point: what is done on the way there, after the one before."""
