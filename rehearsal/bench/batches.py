"""Many random histories shared among processes, in batches with seeds of their own: their number is no matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")
BATCH = 250
"""Histories that one process plays in a row."""
APART = 1_000_003
"""Seeds lie so far apart that no two of them share a batch."""


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
