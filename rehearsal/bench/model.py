"""Many histories of the model in a row, and what came of them in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rehearsal.model.acts import ACTS
from rehearsal.model.histories import in_batches, play_many
from rehearsal.model.history import Tally

MOST_CODES = 15


@dataclass
class Played:
    """How long it took, by the processor, and the story of the shortest history that broke; empty when none did."""

    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    broken: str = ""

    def add(self, other: Played) -> None:
        self.tally.add(other.tally)
        self.seconds += other.seconds
        self.broken = self.broken or other.broken

    def lines(self) -> Iterator[str]:
        done, refused = self.tally.done, self.tally.refused
        acts = done.total() + refused.total()
        yield f"{self.tally.histories} histories, {acts} acts, {self.seconds:.0f} s of the processor"
        yield f"{'act':16s} {'done':>8s} {'refused':>8s}"
        for act in ACTS[1:]:
            yield f"{act.name:16s} {done[act.name]:8d} {refused[act.name]:8d}"
        yield f"refused: {refused.total() / max(acts, 1):.0%}, for {len(self.tally.codes)} reasons, most often:"
        yield from (f"  {code}: {number}" for code, number in self.tally.codes.most_common(MOST_CODES))
        yield f"runs that found nobody to ask and said so: {self.tally.stuck}"


def measure(*, histories: int, seed: int, processes: int, say: Callable[[str], object]) -> Played:
    """The same histories for the same seed, told batch by batch, until one breaks.

    Raises ImportError without Hypothesis.
    """
    import hypothesis as hypothesis

    together = Played()
    for batch in in_batches(_play, histories=histories, seed=seed, processes=processes):
        together.add(batch)
        say(f"{together.tally.histories} of {histories} histories, {together.seconds:.0f} s of the processor")
        if together.broken:
            break
    return together


def _play(batch: tuple[int, int]) -> Played:
    histories, seed = batch
    began = time.process_time()
    tally, broken = play_many(histories=histories, seed=seed)
    return Played(tally, time.process_time() - began, str(broken or ""))
