"""What ``hqe bench rehearsal`` measures and prints, one ratio after another."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from rehearsal.bench.bounds import Bound, missed, told
from rehearsal.bench.costs import Costs, floor_of, measure

MOST_OF_FLOOR = 1.8
MOST_WAKEUPS = 8.0
MOST_MB = 900.0
LEAST_BETTER_THAN_STOCK = 8.0
MOST_DEARER_WHEN_LARGER = 1.10
STOCK_VILLAGES = 8


@dataclass
class Weighed:
    """The figures as they go into the JSON file, and a sentence for each bound that was missed."""

    say: Callable[[str], object]
    told: dict[str, Any] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def bound(self, name: str, value: float, bound: Bound) -> None:
        """Print a figure with its bound and note when it misses it."""
        figure = {name: value}
        for line in told(figure, {name: bound}):
            self.say(line)
        self.told |= figure
        self.missed += missed(figure, {name: bound})


def weigh(
    *, villages: int | None, seed: int, stock: bool, times: int, say: Callable[[str], object]
) -> Weighed:
    """The rehearsal, its floor, and on request Prefect's stock ``serve`` and a larger county."""
    weighed = Weighed(say)
    with tempfile.TemporaryDirectory(prefix="hqe-bench-") as folder:
        home = Path(folder)
        costs = _one(weighed, "rehearsal", partial(measure, home / "ours", villages=villages, seed=seed))
        _against_floor(weighed, home / "ours", costs)
        if stock:
            _against_stock(weighed, home, seed=seed)
        if times > 1:
            larger = _one(weighed, "larger county", partial(measure, home / "larger", seed=seed, times=times))
            dearer = larger.wall_per_village_s / costs.wall_per_village_s
            weighed.bound("wall per village, larger / ours", dearer, Bound(most=MOST_DEARER_WHEN_LARGER))
    return weighed


def _one(weighed: Weighed, name: str, play: Callable[..., Costs]) -> Costs:
    weighed.say(f"{name} …")
    costs = play(say=weighed.say)
    cpu = ", ".join(f"{process} {seconds:.0f}" for process, seconds in costs.cpu_s.items())
    peak = ", ".join(f"{process} {used:.0f}" for process, used in costs.peak_mb.items())
    weighed.say(f"  {costs.villages} villages, {costs.wakeups} wake-ups in {costs.wall_s:.1f} s")
    weighed.say(f"  CPU seconds: {cpu}; per wake-up {costs.cpu_per_wakeup_s:.2f}")
    weighed.say(f"  peak MB: {peak}; together {costs.peak_together_mb:.0f}")
    weighed.told[name] = asdict(costs)
    return costs


def _against_floor(weighed: Weighed, home: Path, costs: Costs) -> None:
    weighed.bound("wake-ups per village", costs.wakeups_per_village, Bound(most=MOST_WAKEUPS))
    weighed.bound("MB of all processes together", costs.peak_together_mb, Bound(most=MOST_MB))
    weighed.say("the floor: as many empty wake-ups, and bare reading and writing of the same workbooks …")
    floor = floor_of(home, costs)
    weighed.say(f"  wake-ups {floor.wakeups_s:.1f} s + workbooks {floor.workbooks_s:.1f} s")
    weighed.told["floor"] = asdict(floor)
    weighed.bound("wall, rehearsal / floor", costs.wall_s / floor.wall_s, Bound(most=MOST_OF_FLOOR))


def _against_stock(weighed: Weighed, home: Path, *, seed: int) -> None:
    few = partial(measure, villages=STOCK_VILLAGES, seed=seed)
    ours = _one(weighed, "ours", partial(few, home / "few"))
    stock = _one(weighed, "stock serve", partial(few, home / "stock", served=True))
    if ours.outcome_sha256 != stock.outcome_sha256:
        weighed.missed.append("the two executors do not come to the same outcome")
    better = stock.cpu_per_wakeup_s / ours.cpu_per_wakeup_s
    weighed.bound("CPU per wake-up, stock / ours", better, Bound(least=LEAST_BETTER_THAN_STOCK))
