"""The same campaign through the portal's pages: same people, same outcome, whoever dies on the way."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.failpoints import arm
from deployments.local.processes import Stack
from rehearsal.doors.forms import NotOffered, forms_of
from tests.rehearsal.conftest import FEW_VILLAGES, SEED, Played, rehearse

pytestmark = pytest.mark.programs


def test_rehearsal_through_the_portal_killed_started_again_and_its_portal_killed_has_the_same_outcome(
    straight: Played, tmp_path: Path
) -> None:
    """First server, worker and portal die with it between moving the clock and a tick, then the portal alone."""
    arm(tmp_path, "rehearsal.clock_moved", random.Random(f"{SEED}:portal").randint(8, 20))
    command = [
        str(Path(sys.executable).parent / "hqe"), "rehearse", "--through-portal", "--home", str(tmp_path),
        "--villages", str(FEW_VILLAGES), "--seed", str(SEED),
    ]  # fmt: skip
    at = random.Random(f"{SEED}:killed portal").randint(2, 15)

    def disturb(stack: Stack, step: int) -> None:
        if step == at:
            stack.kill("portal")

    killed = subprocess.run(command, capture_output=True, check=False)
    report = rehearse(tmp_path, villages=FEW_VILLAGES, through_portal=True, disturb=disturb)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert report["restarts"]["portal"] == 1
    assert (straight[1]["through_portal"], report["through_portal"]) == (False, True)
    assert report["portal"]["requests"] > report["portal"]["log_ins"] > 0
    assert report["outcome_sha256"] == straight[1]["outcome_sha256"]


PAGE = """
<form action="/x"><input type="hidden" name="form_token" value="t"><textarea name="why">
kept &amp; shown</textarea><select name="to"><option value=""></option><option value="a">A</option></select>
<input type="radio" name="answer" value="pass"><input type="radio" name="answer" value="return">
<input type="checkbox" name="village" value="1"><input type="checkbox" name="village" value="2"></form>
<form><input name="alone" value="v"></form>
"""


def test_form_is_sent_with_what_it_holds_and_what_is_typed() -> None:
    first, second = forms_of(PAGE)

    sent = first.fill({"answer": "pass", "village": ["1", "2"]})

    assert sent == {
        "form_token": ["t"],
        "why": ["kept & shown"],
        "to": [""],
        "answer": ["pass"],
        "village": ["1", "2"],
    }
    assert (second.action, second.fill({})) == ("", {"alone": ["v"]})


@pytest.mark.parametrize("typed", [{"to": "b"}, {"answer": "veto"}, {"other": "x"}])
def test_form_does_not_send_what_it_does_not_offer(typed: dict[str, str]) -> None:
    with pytest.raises(NotOffered):
        forms_of(PAGE)[0].fill(typed)
