"""Histories of the model by where they begin; a file for each part of the way, so that processes share them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from rehearsal.model.histories import play_many
from rehearsal.model.starts import Start, starts

HISTORIES = 250
"""In one test; there are eight."""

PlayAll = Callable[..., str]


def beginning(*names: str) -> list[Start]:
    found = [one for one in starts() if one.name in names]
    assert {one.name for one in found} == set(names)
    return found


def _play_all(*names: str, seed: int) -> str:
    tally, broken = play_many(histories=HISTORIES, seed=seed, begin_at=beginning(*names))
    assert broken is not None or tally.histories == HISTORIES
    return str(broken or "")


@pytest.fixture
def play_all() -> PlayAll:
    """So many histories from these points of the way; the shortest story that broke, or nothing."""
    return partial(_play_all)
