"""One undisturbed rehearsal that every drill is compared with."""

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


def rehearse(home: Path, **changed: Any) -> dict[str, Any]:
    played = play(Script(home=home, seed=SEED, **{"villages": VILLAGES, **changed}))
    played.stop()
    return played.report


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Played once for all processes of a test run: whoever comes first plays, the others wait for it."""
    place = tmp_path_factory.getbasetemp()
    place = place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
    home, told = place / "undisturbed", place / "undisturbed.json"
    with (place / "undisturbed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(rehearse(home)), encoding="utf-8")
    return home, json.loads(told.read_text(encoding="utf-8"))
