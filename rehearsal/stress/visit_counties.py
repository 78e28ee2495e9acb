"""How long a plan of visits takes, and how it compares with the plain one; counties drawn from a seed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from actions.review.planning import solver
from rules.campaign.calendar import Calendar
from rules.refusals import Refused
from rules.review.visit_plan import WEIGHTS, Candidate, Situation, Visitor, visiting_days

OPENS, SAFE, LIMIT = (date(2020, 11, day) for day in (16, 24, 25))
TOWNS, GROUPED, PER_DAY, SPARE = 19, 4, 4, 5
SMALL, LARGE = 48, 480
MOST_SECONDS = {SMALL: 10.0, LARGE: 60.0}
"""Villages -> how long their plan may take."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One county: what the solver and the plain way came to."""

    villages: int
    solver: str
    seconds: float
    """Of the processor, as the next."""
    plain_seconds: float
    cost: int
    plain_cost: int
    unplaced: int

    @property
    def holds(self) -> bool:
        return self.seconds <= MOST_SECONDS[self.villages] and self.cost <= self.plain_cost


def county(villages: int, *, seed: int) -> Situation:
    """Villages of 19 towns in five groups; a crew for three cars for every 48 villages, some with conflicts."""
    dice = random.Random(f"{seed}:{villages}")
    calendar = Calendar(frozenset(), frozenset(), date(2021, 12, 31))
    days = visiting_days(calendar, opens=OPENS, limit=LIMIT, today=OPENS, spare=SPARE)
    assert not isinstance(days, Refused), days.reason
    cars = 3 * -(-villages // SMALL)
    crew = tuple(
        Visitor(f"r{n}", frozenset({f"t{dice.randrange(TOWNS)}"} if n % 2 else ())) for n in range(2 * cars)
    )
    candidates = tuple(
        Candidate(
            code=f"v{n:03}",
            town=f"t{n % TOWNS}",
            group=f"g{n % TOWNS // GROUPED}",
            why=dice.choice(list(WEIGHTS)),
            earliest=OPENS + timedelta(days=dice.choice((2, 2, 7))),
            before=dice.choice((None, None, date(2020, 11, 23))),
        )
        for n in range(villages)
    )
    return Situation(days, SAFE, LIMIT, dict.fromkeys(days, crew), cars, PER_DAY, candidates)


def measure(*, seed: int) -> Iterator[Measured]:
    """The small county and the large one, each with the solver and plainly."""
    for villages in MOST_SECONDS:
        asked = county(villages, seed=seed)
        started = time.process_time()
        plainly = solver.solve(asked, plainly=True)
        between = time.process_time()
        found = solver.solve(asked)
        ended = time.process_time()
        yield Measured(
            villages=villages,
            solver=found.by,
            seconds=round(ended - between, 2),
            plain_seconds=round(between - started, 2),
            cost=found.cost,
            plain_cost=plainly.cost,
            unplaced=len(found.plan.unplaced),
        )
