"""A campaign that the release before left in mid-flight wakes on this one and ends as it would have ended there.

``releases/0.2.0`` holds what that release left of `hqe rehearse --villages 3 --seed 7 --until 2020-11-18`: the state
folder (database, key, mails, Prefect's own database with four runs asleep) and a backup made of it. Left to itself
that release came to 301343f474918163; the outcome below differs from it in one mail, because the leader's reminders of
one morning are gathered since, and in its shape: what was entered from above and the kind of a ledger row belong to it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.commands.conftest import typed
from tests.rehearsal.conftest import rehearse

pytestmark = pytest.mark.programs

RELEASE = Path(__file__).parent / "releases" / "0.2.0"
OUTCOME = "e56e62f4fd5dc58b2c72d4faa36ba5796fd87134091dfe881baa39caaae694f2"


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """The state folder as that release left it."""
    with zipfile.ZipFile(RELEASE / "campaign-in-flight.zip") as kept:
        kept.extractall(tmp_path / "left")
    return tmp_path / "left"


def test_campaign_in_flight_of_the_release_before_wakes_and_has_the_same_outcome(left: Path) -> None:
    report = rehearse(left, villages=3)

    assert report["outcome_sha256"] == OUTCOME
    assert {state: runs for state, runs in report["flow_runs"].items() if runs} == {"completed": 20}
    assert report["messages"]["duplicate"] == 0


def test_backup_of_the_release_before_is_restored_and_goes_on_to_the_same_outcome(
    left: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (left / "secret.key").rename(elsewhere / "secret.key")

    file = str(RELEASE / "campaign-in-flight.hqe-backup")
    done = typed("restore", file, "--into", str(elsewhere), "--unsigned")
    report = rehearse(elsewhere, villages=3)

    assert done.exit_code == 0, done.output
    assert report["outcome_sha256"] == OUTCOME
