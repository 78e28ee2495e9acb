"""Histories of the model by where they begin; a file for each part of the way, so that processes share them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from rehearsal.model.histories import play_many
from rehearsal.model.starts import Start, starts

HISTORIES = 250
"""In one test; there are eight."""

PlayAll = Callable[..., None]


def beginning(*names: str) -> list[Start]:
    found = [one for one in starts() if one.name in names]
    assert {one.name for one in found} == set(names)
    return found


def _play_all(*names: str, seed: int) -> None:
    tally, broken = play_many(histories=HISTORIES, seed=seed, begin_at=beginning(*names))
    if broken is not None:
        pytest.fail(str(broken), pytrace=False)
    assert tally.histories == HISTORIES


@pytest.fixture
def play_all() -> PlayAll:
    """Play so many histories from these points of the way; fails with the shortest story that broke."""
    return partial(_play_all)
