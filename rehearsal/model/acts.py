"""Every act of the model, and how often it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.model import bureau_acts, people_acts, review_acts, run_acts, town_acts
from rehearsal.model.choices import Choices
from rehearsal.model.world import Idle, World


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does: ``Refused``, ``IDLE`` where there is no occasion, anything else when it is done."""

    name: str
    do: Callable[[World, Choices], object]


def rest(_world: World, _pick: Choices) -> object:
    """Nothing: what a shorter story has in place of an act."""
    return Idle.IDLE


WEIGHTS: dict[Callable[[World, Choices], object], int] = {
    rest: 1,
    review_acts.reopen_gate: 5,
    review_acts.score: 6,
    review_acts.veto: 4,
    review_acts.visit: 7,
    review_acts.sign: 5,
    review_acts.decide_by_code: 4,
    review_acts.object_to: 3,
    review_acts.request_code: 2,
    run_acts.wake_one: 13,
    run_acts.pass_time: 6,
    town_acts.withdraw: 4,
    town_acts.confirm_survey: 4,
    town_acts.announce_paper: 1,
    town_acts.record_paper: 3,
    town_acts.ask_extension: 3,
    town_acts.hand_in: 10,
    review_acts.decide: 28,
    bureau_acts.grant_request: 3,
    bureau_acts.refuse_request: 1,
    bureau_acts.revise: 4,
    bureau_acts.extend: 4,
    bureau_acts.hand_over: 4,
    bureau_acts.remind: 1,
    bureau_acts.close_stage: 2,
    bureau_acts.reopen_stage: 2,
    run_acts.wake_all: 2,
    people_acts.come_back: 1,
    people_acts.activate: 2,
    people_acts.confirm_proposal: 2,
    people_acts.decline_proposal: 1,
    people_acts.go_away: 3,
    people_acts.set_deputy: 2,
    people_acts.deactivate: 3,
    people_acts.declare_conflict: 2,
    people_acts.change_roles: 2,
    run_acts.tick: 5,
    run_acts.foresee: 1,
    run_acts.deliver: 3,
}
"""Where there is no occasion for one, the next one is done: so what is dear does not follow what is seldom."""
ACTS = tuple(Act(do.__name__, do) for do in WEIGHTS)
DRAWN = tuple(act for act in ACTS for _ in range(WEIGHTS[act.do]))
"""Each as often as it weighs; the first one is no act at all."""
