"""Failpoints kill once, at the count they were armed with."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.failpoints import arm, counter, reach
from config.places import ROOT

pytestmark = pytest.mark.programs

REACH = """
import sys
from pathlib import Path
from config.failpoints import reach
reach("sent", home=Path(sys.argv[1]))
"""


def reach_in_a_process(home: Path) -> int:
    return subprocess.run([sys.executable, "-c", REACH, str(home)], cwd=ROOT, check=False).returncode


def test_failpoint_not_armed_lets_pass(tmp_path: Path) -> None:
    reach("sent", home=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_failpoint_armed_for_the_second_time_kills_the_second_process_only(tmp_path: Path) -> None:
    arm(tmp_path, "sent", after=2)

    assert [reach_in_a_process(tmp_path) for _ in range(3)] == [0, -signal.SIGKILL, 0]


KILLED_AMID = """
import os, signal, sys
from pathlib import Path
from config.failpoints import reach
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
reach("sent", home=Path(sys.argv[1]))
"""


def test_failpoint_whose_process_dies_while_it_counts_is_still_armed(tmp_path: Path) -> None:
    arm(tmp_path, "sent", after=2)

    died = subprocess.run([sys.executable, "-c", KILLED_AMID, str(tmp_path)], cwd=ROOT, check=False)

    assert died.returncode == -signal.SIGKILL
    assert [reach_in_a_process(tmp_path) for _ in range(3)] == [0, -signal.SIGKILL, 0]


def test_failpoint_with_a_broken_counter_lets_pass(tmp_path: Path) -> None:
    arm(tmp_path, "sent")
    counter(tmp_path, "sent").write_text("often", encoding="ascii")

    reach("sent", home=tmp_path)


def test_failpoint_named_like_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a name"):
        arm(tmp_path, "../secret")
