"""Histories in batches: all of them, each once, whoever plays them."""

from __future__ import annotations

from itertools import islice

import pytest

from rehearsal.bench import model, money
from rehearsal.model.histories import BATCH, batches, in_batches


def weight(batch: tuple[int, int]) -> int:
    histories, seed = batch
    return 1000 * histories + seed


@pytest.mark.parametrize(
    ("histories", "sizes"), [(1, [1]), (BATCH, [BATCH]), (2 * BATCH + 1, [BATCH, BATCH, 1])]
)
def test_batches_are_all_histories_with_seeds_of_their_own(histories: int, sizes: list[int]) -> None:
    found = batches(histories, seed=7)

    assert [size for size, _ in found] == sizes
    assert len({seed for _, seed in found} | {seed for _, seed in batches(histories, seed=8)}) == 2 * len(
        sizes
    )


@pytest.mark.programs
def test_batches_are_the_same_with_one_process_and_with_two() -> None:
    one, two = (
        list(in_batches(weight, histories=3 * BATCH, seed=1, processes=processes)) for processes in (1, 2)
    )

    assert one == two == list(map(weight, batches(3 * BATCH, seed=1)))


def test_batches_that_nobody_asks_for_are_not_played() -> None:
    played: list[tuple[int, int]] = []

    list(islice(in_batches(played.append, histories=9 * BATCH, seed=1, processes=1), 2))

    assert played == batches(9 * BATCH, seed=1)[:2]


def test_benches_tell_how_far_they_are() -> None:
    told: list[str] = []

    played = model.measure(histories=2, seed=1, processes=1, say=told.append)
    done, broken = money.measure(histories=2, seed=1, processes=1, say=told.append)

    assert (played.tally.histories, done["histories"], played.broken, broken) == (2, 2, "", "")
    assert [line.split(" histories")[0] for line in told] == ["2 of 2", "2 of 2"]
