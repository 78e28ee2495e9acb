"""What the doctor asks of the machine's surroundings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from actions.upkeep.audit_export import export
from actions.upkeep.drill import Drilled, note_drill
from config.settings import read_settings
from deployments.doctor.outside import export_troubles, offsite_troubles, time_troubles
from records import audit, clock
from records.store import Store


@pytest.mark.programs
@pytest.mark.parametrize(
    ("told", "codes"), [("no", ["clock_unsynchronised"]), ("yes", []), ("", [])], ids=["no", "yes", "unknown"]
)
def test_clock_that_nobody_keeps_right_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, codes: list[str]
) -> None:
    program = tmp_path / "timedatectl"
    program.write_text(f"#!/bin/sh\necho {told}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    assert [one.code for one in time_troubles(tmp_path)] == codes


def test_machine_without_systemd_is_asked_nothing(tmp_path: Path) -> None:
    assert list(time_troubles(tmp_path / "nothing")) == []


def test_entries_that_have_waited_an_hour_to_leave_are_told(store: Store, tmp_path: Path) -> None:
    settings = replace(
        read_settings({"HQE_HOME": str(store.home)}), audit_export=f"file://{tmp_path / 'away.jsonl'}"
    )
    now = clock.host_now()
    with store.writing() as session:
        audit.note(session, at=now - timedelta(hours=2), actor="a", act="b", subject="c")

    before = [one.code for one in export_troubles(store, settings, host_now=now)]
    export(store, to=settings.audit_export)

    after = list(export_troubles(store, settings, host_now=now))
    unasked = list(export_troubles(store, replace(settings, audit_export=""), host_now=now))
    assert (before, after, unasked) == (["audit_not_exported"], [], [])


def test_backups_that_do_not_leave_and_a_drill_that_is_missed_are_told(store: Store, tmp_path: Path) -> None:
    settings = replace(read_settings({"HQE_HOME": str(store.home)}), offsite=str(tmp_path / "mounted"))
    backup = tmp_path / "mounted" / "one.hqe-backup"

    def told(now: datetime | None = None) -> list[str]:
        if now is not None:
            clock.simulate(store, now)
        return [one.code for one in offsite_troubles(store, settings)]

    away = told()
    backup.parent.mkdir()
    backup.touch()
    never = told()
    now = clock.host_now()
    note_drill(store, Drilled(backup, now.isoformat(), 1, 1, ""), now=now)
    done, late = told(now + timedelta(days=92)), told(now + timedelta(days=93))

    unasked = list(offsite_troubles(store, replace(settings, offsite="")))
    assert (away, never, done, late, unasked) == (
        ["offsite_empty"],
        ["drill_missed"],
        [],
        ["drill_missed"],
        [],
    )
