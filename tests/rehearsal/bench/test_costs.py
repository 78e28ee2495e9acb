"""What a rehearsal is weighed with."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from records.schema import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store
from rehearsal.bench.costs import Diary, cpu_of, cpu_of_family

pytestmark = pytest.mark.programs

BUSY = """
import sys, time
while time.process_time() < 0.5: pass
print("done", flush=True)
sys.stdin.read()
"""


def test_family_has_spent_what_its_living_children_have() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        family, alone = cpu_of_family(os.getpid()), cpu_of(psutil.Process())
        child.communicate()

    assert family - alone > 0.4


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A house in which no run has woken yet."""
    make_key(tmp_path / "secret.key")
    vault = open_vault(tmp_path / "secret.key")
    store = Store(f"sqlite:///{tmp_path / 'hqe.db'}", vault=vault, home=tmp_path)
    migrate.migrate(store.engine)
    store.close()
    return tmp_path


def test_diary_tells_each_day_once_and_notes_what_was_spent_before_the_first(home: Path) -> None:
    told: list[str] = []
    diary = Diary(home, told.append, pids=lambda: {"ourselves": os.getpid()})
    morning = datetime.fromisoformat("2020-10-20T09:00+08:00")

    for hours in (0, 3, 24, 25):
        diary.note(morning + timedelta(hours=hours))

    assert [line.split()[0] for line in told] == ["10-20", "10-21"]
    assert 0 < diary.spent_before <= diary.spent()["ourselves"]
