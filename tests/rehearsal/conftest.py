"""The undisturbed rehearsals, one of eight villages and one of three, that every drill is compared with."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import pytest

from rehearsal.rehearsal import Script, play

SEED = 7
VILLAGES = 8
"""Enough for nearly every way through the flows."""
FEW_VILLAGES = 3
"""Enough for the main way, one return and one refusal."""

Played = tuple[Path, dict[str, Any]]
"""Where it was played, and its report."""


def rehearse(home: Path, **changed: Any) -> dict[str, Any]:
    played = play(Script(home=home, seed=SEED, **{"villages": VILLAGES, **changed}))
    played.stop()
    return played.report


def rehearse_once(name: str, tmp_path_factory: pytest.TempPathFactory, *, villages: int) -> Played:
    """Played once for all processes of a test run: whoever comes first plays, the others wait for it."""
    place = tmp_path_factory.getbasetemp()
    place = place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
    home, told = place / name, place / f"{name}.json"
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(rehearse(home, villages=villages)), encoding="utf-8")
    return home, json.loads(told.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return rehearse_once("undisturbed", tmp_path_factory, villages=VILLAGES)


@pytest.fixture(scope="session")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Three villages, without the portal."""
    return rehearse_once("straight", tmp_path_factory, villages=FEW_VILLAGES)
