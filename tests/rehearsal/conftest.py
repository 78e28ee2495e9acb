"""One undisturbed rehearsal that every drill is compared with."""

from __future__ import annotations

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
    home = tmp_path_factory.mktemp("undisturbed")
    return home, rehearse(home)
