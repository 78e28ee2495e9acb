"""Flows for the tests of the ringer: they hear their bells, note it, and sleep or end as the test wants."""

from __future__ import annotations

import threading
from collections import Counter
from uuid import uuid4

from prefect import flow
from prefect.flow_runs import suspend_flow_run

from tests.deployments.fake_calls import FakeCalls
from tests.prefect_server import NEVER_SO_LONG

CALLS: dict[str, FakeCalls] = {}
RUNS: Counter[str] = Counter()
HOLDS: dict[str, tuple[threading.Event, threading.Event]] = {}
"""Of a subject: set when its run is under way, and what the run waits for."""
FAILURES: set[str] = set()
ENDS: set[str] = set()


@flow
def napper(subject: str) -> None:
    """Hears, works, answers, sleeps: the order of the real flows."""
    calls = CALLS[subject]
    heard = calls.newest("napper", subject)
    RUNS[subject] += 1
    if subject in HOLDS:
        under_way, go_on = HOLDS[subject]
        under_way.set()
        go_on.wait(NEVER_SO_LONG)
    if subject in FAILURES:
        raise RuntimeError("as the test wants")
    if subject in ENDS:
        calls.carriers["napper", subject].state = "done"
    else:
        calls.carriers["napper", subject].state = "asleep"
    calls.answer("napper", subject, up_to=heard)
    if subject not in ENDS:
        suspend_flow_run(key=uuid4().hex)


@flow
def tick(subject: str = "") -> None:
    """Never sleeps and answers nothing."""
    RUNS[subject] += 1
