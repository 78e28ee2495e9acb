"""Many histories: drawn by Hypothesis, which also shortens the one that breaks; in batches that processes share."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from rehearsal.model.history import BYTES, POINTS, Broken, Tally, play
from rehearsal.model.holds import Point
from rehearsal.model.starts import Start, starts

T = TypeVar("T")
BATCH = 250
"""Histories that one process plays in a row."""
APART = 1_000_003
"""Seeds lie so far apart that no two of them share a batch."""
RARELY = 100_000
"""How many objects more there must be before Python looks for dead ones: a history leaves few behind."""


def play_many(
    *,
    histories: int,
    seed: int,
    points: Sequence[Point] = POINTS,
    begin_at: Sequence[Start] = (),
    shorten: bool = True,
    played: Callable[[], object] = lambda: None,
) -> tuple[Tally, Broken | None]:
    """So many histories, the same ones for the same seed; what came of them, and the shortest that broke.

    They begin at any of ``begin_at``, at every point of the way where none is named. ``played`` is called after
    each, those of the shortening included. Raises ImportError without Hypothesis.
    """
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as some

    tally = Tally()

    @seeded(seed)
    @settings(
        max_examples=histories,
        phases=(Phase.generate, Phase.shrink) if shorten else (Phase.generate,),
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(some.binary(min_size=BYTES, max_size=BYTES))
    def all_hold(drawn: bytes) -> None:
        try:
            play(drawn, tally, begin_at=begin_at or starts(), points=points)
        finally:
            played()

    with _unhurried():
        try:
            all_hold()
        except Broken as broken:
            return tally, broken
    return tally, None


@contextmanager
def _unhurried() -> Iterator[None]:
    """Looking for dead objects is a tenth of the work otherwise."""
    starts()
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


# --- shared among processes --------------------------------------------------------------------------


def batches(histories: int, *, seed: int) -> list[tuple[int, int]]:
    """(histories, seed) of each batch: the same for the same seed, however many processes there are."""
    full, rest = divmod(histories, BATCH)
    sizes = [BATCH] * full + [rest] * (rest > 0)
    return [(size, seed * APART + number) for number, size in enumerate(sizes)]


def in_batches(
    play: Callable[[tuple[int, int]], T], *, histories: int, seed: int, processes: int
) -> Iterator[T]:
    """What ``play`` makes of each batch, in their order; who stops asking leaves what has not begun unplayed."""
    wanted = batches(histories, seed=seed)
    if processes == 1:
        yield from map(play, wanted)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            yield from pool.map(play, wanted)
        finally:
            pool.shutdown(cancel_futures=True)
