"""A plan of visits by HiGHS where it is installed (the extra ``planner``), by the plain rules elsewhere.

Villages of one group that matter alike and may be visited from the same day on are told apart only afterwards: the
solver deals in numbers, so that a county of ten times the size asks it hardly more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import ModuleType
from typing import Protocol, TypeAlias

from rules.review.visit_plan import (
    TRIP,
    UNPLACED,
    WEIGHTS,
    Candidate,
    Plan,
    Situation,
    Trip,
    cost_of,
    crewed,
    laid_out,
    price_of,
)

HIGHS, PLAIN = "highs", "plain"
SECONDS = 8.0
"""The solver's time; most plans take it a fraction of a second."""
OPTIONS: Mapping[str, object] = {
    "output_flag": False,
    "time_limit": SECONDS,
    "threads": 1,
    "random_seed": 1,
    "mip_rel_gap": 0.0,
}
Kind: TypeAlias = tuple[str, str, date, date | None]
"""Group, why, first day, day in the plan before."""


class Term(Protocol):
    """A number to be found, and sums of such."""

    def __add__(self, other: Term | int) -> Term: ...

    def __radd__(self, other: int) -> Term: ...

    def __rmul__(self, factor: int) -> Term: ...

    def __le__(self, other: Term | int) -> object: ...


class Status(Protocol):
    primal_solution_status: int


class Model(Protocol):
    """As much of HiGHS as is asked here."""

    def setOptionValue(self, name: str, value: object) -> object: ...

    def addVariable(self, *, lb: int, ub: int, obj: int, type: object) -> Term: ...

    def addConstr(self, holds: object) -> object: ...

    def run(self) -> object: ...

    def getInfo(self) -> Status: ...

    def variableValue(self, variable: Term) -> float: ...


FOUND = 2
"""HiGHS: a solution that keeps every limit."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many of a kind are seen on a day or not at all, and how many cars go to a group on a day."""

    seen: Mapping[tuple[Kind, date], Term]
    unseen: Mapping[Kind, Term]
    cars: Mapping[tuple[str, date], Term]


@dataclass(frozen=True, slots=True)
class Solved:
    """The plan that counts, who found it, and what both cost."""

    plan: Plan
    by: str
    cost: int
    plain_cost: int


def solve(situation: Situation, *, plainly: bool = False) -> Solved:
    """The cheaper of the plain plan and the solver's; without the solver, or when it fails, the plain one."""
    plain = crewed(situation, laid_out(situation))
    found = Solved(plain, PLAIN, cost_of(situation, plain), cost_of(situation, plain))
    trips = None if plainly or not situation.candidates else by_highs(situation)
    if trips is None:
        return found
    plan = crewed(situation, trips)
    cost = cost_of(situation, plan)
    return replace(found, plan=plan, by=HIGHS, cost=cost) if cost < found.cost else found


def is_installed() -> bool:
    return _highs() is not None


def _highs() -> ModuleType | None:
    try:
        import highspy
    except ImportError:
        return None
    module: ModuleType = highspy
    return module


def by_highs(situation: Situation) -> tuple[Trip, ...] | None:
    """Trips of least cost; None without the solver, or when it found none in its time."""
    highs = _highs()
    if highs is None:
        return None
    kinds, model = _kinds(situation), highs.Highs()
    for option, value in OPTIONS.items():
        model.setOptionValue(option, value)
    numbers = _numbers(model, highs.HighsVarType.kInteger, situation, kinds)
    _limit(model, situation, kinds, numbers)
    model.run()
    if model.getInfo().primal_solution_status != FOUND:
        return None
    found = {key: round(model.variableValue(term)) for key, term in numbers.seen.items()}
    return _dealt(situation, kinds, found)


def _kinds(situation: Situation) -> dict[Kind, list[Candidate]]:
    kinds = dict[Kind, list[Candidate]]()
    for one in sorted(situation.candidates, key=lambda one: (one.town, one.code)):
        kinds.setdefault((one.group, one.why, one.earliest, one.before), []).append(one)
    return kinds


def _numbers(
    model: Model, whole: object, situation: Situation, kinds: Mapping[Kind, list[Candidate]]
) -> Numbers:
    def count(most: int, cost: int) -> Term:
        return model.addVariable(lb=0, ub=most, obj=cost, type=whole)

    seen = {
        (kind, day): count(len(alike), price_of(situation, alike[0], day))
        for kind, alike in kinds.items()
        for day in situation.days
        if day >= kind[2]
    }
    unseen = {kind: count(len(alike), UNPLACED * WEIGHTS[kind[1]]) for kind, alike in kinds.items()}
    groups = dict.fromkeys(kind[0] for kind in kinds)
    cars = {(group, day): count(situation.room(day), TRIP) for group in groups for day in situation.days}
    return Numbers(seen, unseen, cars)


def _limit(
    model: Model, situation: Situation, kinds: Mapping[Kind, list[Candidate]], numbers: Numbers
) -> None:
    """Each village once or not at all; in each car so many; of cars so many a day."""
    for kind, alike in kinds.items():
        mine = [term for (other, _), term in numbers.seen.items() if other == kind]
        all_of_them: object = sum(mine, numbers.unseen[kind])
        model.addConstr(all_of_them == len(alike))
    for (group, day), going in numbers.cars.items():
        there = [term for (kind, on), term in numbers.seen.items() if kind[0] == group and on == day]
        if there:
            model.addConstr(sum(there[1:], there[0]) <= situation.per_day * going)
    for day in situation.days:
        first, *more = (term for (_, on), term in numbers.cars.items() if on == day)
        model.addConstr(sum(more, 1 * first) <= situation.room(day))


def _dealt(
    situation: Situation, kinds: Mapping[Kind, list[Candidate]], numbers: Mapping[tuple[Kind, date], int]
) -> tuple[Trip, ...]:
    """Numbers as villages again, in cars of one group, those of one town together."""
    left = {kind: list(alike) for kind, alike in kinds.items()}
    going = dict[tuple[date, str], list[Candidate]]()
    for (kind, day), number in sorted(numbers.items(), key=lambda one: one[0][1]):
        going.setdefault((day, kind[0]), []).extend(left[kind][:number])
        left[kind] = left[kind][number:]
    return tuple(
        Trip(day, group, tuple(villages[start : start + situation.per_day]))
        for (day, group), unsorted in sorted(going.items())
        for villages in [sorted(unsorted, key=lambda one: (one.town, one.code))]
        for start in range(0, len(villages), situation.per_day)
    )
