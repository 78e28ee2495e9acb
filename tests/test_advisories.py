"""What CI makes of the reports about advisories."""

from __future__ import annotations

import runpy
from typing import Any

import pytest

from config.places import ROOT

judged = runpy.run_path(str(ROOT / ".ci" / "advisories.py"))["judged"]
FINE = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNSEEN = {"name": "c", "version": "1", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("reports", "said", "code"),
    [
        ([], ["advisories: none can be had here, nobody looked"], 0),
        ([None, {"dependencies": [UNSEEN]}], ["advisories: none can be had here, nobody looked"], 0),
        ([{"dependencies": [FINE]}], ["advisories: none about 1 parts"], 0),
        ([{"dependencies": [FINE, UNSEEN]}], ["advisories: 1 of 2 parts could not be looked up"], 0),
        ([{"dependencies": [FINE, BAD]}, {"dependencies": [BAD]}], ["b 2: PYSEC-1, mended in 3"], 1),
    ],
)
def test_advisory_about_a_locked_version_fails_and_their_absence_is_said(
    reports: list[Any], said: list[str], code: int
) -> None:
    assert judged(reports) == (said, code)
