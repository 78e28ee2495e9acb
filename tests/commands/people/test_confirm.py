"""``hqe people proposals``, ``confirm`` and ``decline``: the second person on the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from records.store import Store
from tests.commands.conftest import Run
from tests.commands.people.conftest import BY, ids

CSV = "id,name,email,roles,town_code,conflicts,deputy\n"


@pytest.fixture
def proposed(run: Run, tmp_path: Path) -> str:
    """What the import of one reviewer says."""
    file = tmp_path / "new.csv"
    file.write_text(f"{CSV}reviewer-9,韩知远,reviewer-9@example.invalid,reviewer,,,\n", encoding="utf-8")
    done = run("people", "import", file, *BY)
    assert done.exit_code == 0
    return done.output


def test_import_of_a_decider_is_only_proposed_and_listed(
    opened: Store, run: Run, proposed: str, tmp_path: Path
) -> None:
    listed = run("people", "proposals", "--json", tmp_path / "p.json")

    assert "已提请复核(#1)" in proposed
    assert "#1 coordinator-1提请" in listed.output
    assert [one["number"] for one in json.loads((tmp_path / "p.json").read_text())["proposals"]] == [1]
    assert "reviewer-9" not in ids(opened)


def test_whoever_runs_the_machine_is_the_second_person(opened: Store, run: Run, proposed: str) -> None:
    same = run("people", "confirm", 1, *BY)
    done = run("people", "confirm", 1)

    assert (same.exit_code, "提请人不能自己确认" in same.stderr) == (2, True)
    assert (done.exit_code, "已确认并生效" in done.output) == (0, True)
    assert "reviewer-9" in ids(opened)


def test_declined_one_is_gone_from_the_list(opened: Store, run: Run, proposed: str) -> None:
    done = run("people", "decline", 1, "--reason", "不在编")

    assert (done.exit_code, "一切照旧" in done.output) == (0, True)
    assert run("people", "proposals").output == "共0项。\n"
    assert "reviewer-9" not in ids(opened)


def test_days_of_a_proposal_are_the_installations(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HQE_PROPOSAL_DAYS", "0")
    file = tmp_path / "new.csv"
    file.write_text(f"{CSV}reviewer-9,韩知远,reviewer-9@example.invalid,reviewer,,,\n", encoding="utf-8")

    refused = run("people", "import", file, *BY)

    assert (refused.exit_code, "HQE_PROPOSAL_DAYS" in refused.stderr) == (1, True)
