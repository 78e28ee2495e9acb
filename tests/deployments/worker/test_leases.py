"""Leases of processes that are gone: on this machine at once, on another when they have run out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from deployments.worker.leases import evict_dead, is_dead, owner_name
from tests.deployments.fake_calls import LEASE, FakeCalls

pytestmark = pytest.mark.programs


def held_by(owner: str) -> FakeCalls:
    calls = FakeCalls()
    calls.ring("survey", "c/1")
    calls.claim("survey", "c/1", owner=owner)
    return calls


def test_lease_of_a_living_process_stays() -> None:
    calls = held_by(owner_name("ringer"))

    evict_dead(calls)

    assert calls.owners() == [owner_name("ringer")]


def test_owner_keeps_its_name_when_the_clock_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    before = owner_name("ringer")
    monkeypatch.setattr("psutil.boot_time", lambda: 86_400.0)
    monkeypatch.setattr("psutil._psplatform.boot_time", lambda: 86_400.0)

    assert (owner_name("ringer"), is_dead(before)) == (before, False)


def test_lease_of_a_dead_process_of_this_machine_is_freed_at_once() -> None:
    told = "from deployments.worker.leases import owner_name; print(owner_name('ringer'))"
    dead = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    ).stdout.strip()
    calls = held_by(dead)

    evict_dead(calls)

    assert (is_dead(dead), calls.owners()) == (True, [])


def test_lease_of_another_machine_is_freed_when_it_has_run_out_for_good() -> None:
    calls = held_by(f"elsewhere/{os.getpid()}/0.00/ringer")
    before, after = calls.now() + LEASE, calls.now() + 2 * LEASE + 1

    calls.now = lambda: before
    evict_dead(calls)
    kept = calls.owners()
    calls.now = lambda: after
    evict_dead(calls)

    assert (kept, calls.owners()) == ([f"elsewhere/{os.getpid()}/0.00/ringer"], [])
