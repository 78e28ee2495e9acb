"""The solver's plan is never worse than the plain one, and the plain one is there without it."""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta

import pytest

from actions.review.planning import solver
from rules.campaign.calendar import Calendar
from rules.refusals import Refused
from rules.review.visit_plan import WEIGHTS, Candidate, Plan, Situation, Visitor, visiting_days

CALENDAR = Calendar(frozenset(), frozenset(), date(2021, 12, 31))
OPENS, SAFE, LIMIT = (date(2020, 11, day) for day in (16, 24, 25))


def county(villages: int, *, seed: int, cars: int = 3) -> Situation:
    dice = random.Random(seed)
    days = visiting_days(CALENDAR, opens=OPENS, limit=LIMIT, today=OPENS, spare=5)
    assert not isinstance(days, Refused)
    crew = tuple(
        Visitor(f"r{n}", frozenset({f"t{dice.randrange(19)}"} if n % 2 else ())) for n in range(2 * cars)
    )
    candidates = tuple(
        Candidate(
            f"v{n:03}",
            f"t{n % 19}",
            f"g{n % 19 // 3}",
            dice.choice(list(WEIGHTS)),
            OPENS + timedelta(days=dice.choice((2, 2, 7))),
            before=dice.choice((None, None, date(2020, 11, 23))),
        )
        for n in range(villages)
    )
    return Situation(days, SAFE, LIMIT, dict.fromkeys(days, crew), cars, 4, candidates)


@pytest.mark.parametrize("seed", range(6))
def test_plan_of_the_solver_is_never_worse_than_the_plain_one(seed: int) -> None:
    found = solver.solve(county(40, seed=seed))

    assert solver.is_installed()
    assert found.cost <= found.plain_cost
    assert found.by == (solver.HIGHS if found.cost < found.plain_cost else solver.PLAIN)
    assert len(found.plan.stops) + len(found.plan.unplaced) == 40


def test_solver_finds_what_the_plain_rules_miss() -> None:
    assert any(solver.solve(county(40, seed=seed)).by == solver.HIGHS for seed in range(6))


def test_plan_is_there_without_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)

    found = solver.solve(county(40, seed=1))

    assert (found.by, found.cost) == (solver.PLAIN, found.plain_cost)
    assert found == solver.solve(county(40, seed=1), plainly=True)


def test_plan_of_no_village_is_empty() -> None:
    assert solver.solve(county(0, seed=1)).plan == Plan((), ())
