"""What an operator types: the path is the command, and each answers --help."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from keyword import iskeyword

import click
import pytest
from click.testing import CliRunner, Result

from commands.main import main
from config.places import ROOT
from rules.signs import LONGEST_TEXT

PAGE = ROOT / "docs" / "commands.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def every_command(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name)


def place_of(command: tuple[str, ...]) -> str:
    """The module that stands for these words."""
    words = (f"{word}_" if iskeyword(word) else word.replace("-", "_") for word in command)
    return ".".join(("commands", *words))


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_command_answers_help_and_stands_in_the_documents(command: tuple[str, ...]) -> None:
    shown = run(*command, "--help")

    assert shown.exit_code == 0
    assert "Usage:" in shown.output
    assert f"./hqe {' '.join(command)}" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_command_is_written_in_the_file_of_its_path(command: tuple[str, ...]) -> None:
    found: click.Command = main
    for word in command:
        assert isinstance(found, click.Group)
        found = found.commands[word]

    assert found.callback is not None
    assert found.callback.__module__ == place_of(command)


def test_every_file_of_the_tree_is_a_command() -> None:
    files = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "commands").rglob("*.py")]
    places = {".".join(path.parts) for path in files if path.name != "__init__"}

    commands = {place for place in places if not place.startswith(("commands.main", "commands.terminal."))}

    assert {place_of(command) for command in every_command()} == commands


@pytest.mark.programs
def test_command_is_reached_without_importing_the_others() -> None:
    asked = (
        "import sys; from commands.main import main; main.commands['gate'].commands['decide'];"
        "print(*sorted(one for one in sys.modules if one.startswith('commands') and 'terminal' not in one))"
    )

    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["commands", "commands.gate", "commands.gate.decide", "commands.main"]


def test_word_that_is_no_command_is_answered_with_one_that_is() -> None:
    refused = run("gate", "decid")

    assert (refused.exit_code, "Did you mean 'decide'?" in refused.output) == (2, True)


def test_text_that_nobody_would_read_is_refused_before_anything_is_done() -> None:
    done = run("stage", "close", "survey", "--by", "coordinator-1", "--reason", "甲" * (LONGEST_TEXT + 1))

    assert done.exit_code != 0
    assert f"超过{LONGEST_TEXT}字" in done.output
