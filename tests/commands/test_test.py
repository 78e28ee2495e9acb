"""What ``hqe test`` runs for what one types."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.test import checks, environment
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
