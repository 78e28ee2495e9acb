"""What ``hqe test`` runs for what one types."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from commands.test import Check, checks, environment, failures, lanes_of
from config.places import ROOT

QUICK = ["ruff", "format", "types", "imports", "tests"]


def names(*more: str, quick: bool = False) -> list[str]:
    return [name for name, _ in checks(more, quick=quick)]


def asked(*more: str, quick: bool = False) -> list[str]:
    """What pytest is asked in the last check."""
    command = checks(more, quick=quick)[-1][1]
    return command[command.index("pytest") + 1 :]


def test_everything_is_checked_when_nothing_is_named() -> None:
    assert names() == [*QUICK[:-1], "rules", "branches of rules", "advisories", "tests"]
    assert names("-k", "tests") == names()
    assert "--quick" not in asked()


def test_quick_leaves_out_servers_and_what_is_measured() -> None:
    assert names(quick=True) == QUICK
    assert {"--quick", "tests/rules", "tests/actions"} <= set(asked(quick=True))


@pytest.mark.parametrize(
    "more", [("tests/rules",), ("-x", "tests/rules", "-k", "late"), ("tests/conftest.py::store",)]
)
def test_named_paths_are_all_that_runs_in_one_process(
    more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    assert checks(more, quick=False)[:-1] == []
    assert asked(*more) == [*more]
    assert asked(*more, quick=True) == ["--quick", *more]


def test_path_is_understood_from_the_folder_where_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "tests" / "rules")

    assert asked("lists", "-k", "review") == ["tests/rules/lists", "-k", "review"]
    assert asked("test_purity.py::test_one") == ["tests/rules/test_purity.py::test_one"]


def test_path_outside_the_tests_names_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert asked("missing", "-x")[-2:] == ["missing", "-x"]


def test_bytecode_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    assert "PYTHONDONTWRITEBYTECODE" not in environment()


def test_tests_and_what_waits_run_beside_all_other_checks() -> None:
    lanes = [[name for name, _ in lane] for lane in lanes_of(checks((), quick=False))]

    assert lanes == [[*QUICK[:-1], "rules", "branches of rules"], ["advisories"], ["tests"]]


MEETS = """
import pathlib, sys, time
here, other, code = sys.argv[1:]
pathlib.Path(here).touch()
while not pathlib.Path(other).exists():
    time.sleep(0.01)
print(here, "begins"), print(here, "ends")
sys.exit(int(code))
"""
"""A check that ends only when another runs beside it."""


def meeting(name: str, other: str, *, code: int) -> Check:
    return name, [sys.executable, "-c", MEETS, name, other, str(code)]


@pytest.mark.programs
def test_checks_side_by_side_meet_and_each_is_told_with_its_outcome(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.test.ROOT", tmp_path)

    failed = failures([meeting("ruff", "tests", code=0), meeting("tests", "ruff", code=3)])

    said = re.sub(r"in \d+ s", "in 0 s", capfd.readouterr().out)
    assert failed == ["tests"]
    assert "== ruff\nruff begins\nruff ends\n-- ruff: ok in 0 s\n" in said
    assert said.startswith("== tests\n")
    assert "-- tests: failed (3) in 0 s\n" in said


@pytest.mark.programs
def test_check_alone_has_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    failed = failures([("tests", [sys.executable, "-c", "print('all of it')"])])

    assert failed == []
    assert "all of it\n" in capfd.readouterr().out
