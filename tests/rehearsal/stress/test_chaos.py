"""Chaos in small: each disturbance once on SQLite and once on PostgreSQL, and the outcome stays what it is."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from rehearsal.stress.chaos import ALWAYS, CLOCK, Chaos, Scene, end_connections, fill_disk, planned, run
from rehearsal.stress.own_server import OwnServer
from tests.rehearsal.conftest import FEW_VILLAGES, SEED, Played

pytestmark = pytest.mark.programs
SERVER = OwnServer(Path("/bin"), Path("/nowhere"), 1)


def test_chaos_leaves_the_outcome_and_the_mails_as_they_are(straight: Played, tmp_path: Path) -> None:
    said: list[str] = []
    chaos = Chaos(tmp_path, rounds=2, villages=FEW_VILLAGES, seed=SEED)

    right, rounds = run(chaos, say=said.append, right=straight[1]["outcome_sha256"])

    assert [(one.outcome, one.wrong) for one in rounds] == [(right, [])] * 2, said


def test_round_breaks_everything_once_and_sets_the_clock_back_right_after_it_was_ahead() -> None:
    plans = [planned(Scene(Path("/nowhere"), disk=Path("/nowhere")), Random(seed)) for seed in range(20)]

    for plan in plans:
        broke = list(plan.values())
        assert sorted(one.__name__ for one in broke) == sorted(
            one.__name__ for one in (*ALWAYS, *CLOCK, fill_disk)
        )
        assert broke[broke.index(CLOCK[0]) + 1] is CLOCK[1]
        assert list(plan) == sorted(plan)
    assert len({tuple(plan) for plan in plans}) == len(plans)


def test_round_breaks_only_what_it_has() -> None:
    kinds = [set(planned(scene, Random(1)).values()) for scene in (
        Scene(Path("/nowhere")), Scene(Path("/nowhere"), server=SERVER))]  # fmt: skip

    assert not kinds[0] & {fill_disk, end_connections}
    assert end_connections in kinds[1]
    assert fill_disk not in kinds[1]
