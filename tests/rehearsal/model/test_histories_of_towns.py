"""What towns do: surveys, dossiers, corrections before any review."""

from __future__ import annotations

import pytest

from tests.rehearsal.model.conftest import PlayAll


@pytest.mark.parametrize("seed", [1, 2])
def test_histories_hold_whatever_happens(play_all: PlayAll, seed: int) -> None:
    play_all("the survey is asked for", "dossiers are asked for", seed=seed)
