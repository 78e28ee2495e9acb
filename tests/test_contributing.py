"""Every recipe of CONTRIBUTING.md is followed, block by block, in a copy of the rooms.

The page says of a fenced block what it is: ``diff file=PATH`` changes a file (the lines around the change stand in
it exactly once; ``@@`` parts two changes), any other language with ``file=PATH`` is a whole new file, ``sh`` is run,
``sql`` is asked of an empty database. ``NNNN`` is the number of the next migration, ``MMMM`` that of the newest.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.test import rooms
from config.places import ROOT
from records.schema.migrate import known_revisions

pytestmark = pytest.mark.programs

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^([ ]*)```(\w+)(?: file=(\S+))?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
STAND_IN = """#!/bin/sh
# In place of the script, which would make a .venv of its own here.
if [ "$1" = test ]; then shift; exec {python} -m pytest "$@"; fi
exec {python} -c 'from commands.main import main; main()' "$@"
"""


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block; ``before`` is the text between it and the block before it."""

    language: str
    file: str
    body: str
    before: str


def recipes() -> dict[str, str]:
    """The text of each recipe by its title."""
    text = PAGE.split("\n## Recipes\n")[1].split("\n## ")[0]
    return dict(part.split("\n", 1) for part in text.split("\n### ")[1:])


def blocks(text: str) -> Iterator[Block]:
    at = 0
    for fence in FENCE.finditer(text):
        _, language, file, body = fence.groups()
        yield Block(language, file or "", textwrap.dedent(body), text[at : fence.start()])
        at = fence.end()


RECIPES = recipes()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms and their tests, without what Python has compiled, and a script to start them with."""
    for name in (*rooms(), "tests", "docs"):
        unwanted = shutil.ignore_patterns("__pycache__", "pictures" if name == "docs" else "")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unwanted)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    script = tmp_path / "hqe"
    script.write_text(STAND_IN.format(python=shlex.quote(sys.executable)), encoding="utf-8")
    script.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("title", RECIPES)
def test_recipe_when_followed_does_what_it_says(copy: Path, title: str) -> None:
    written = []
    for block in blocks(numbered(RECIPES[title])):
        follow(block, copy)
        written += [block.file] if block.file.endswith(".py") else []

    assert untidy(copy, written) == ""


@pytest.mark.parametrize("title", RECIPES)
def test_recipe_names_each_file_above_what_it_gets(title: str) -> None:
    given = [block for block in blocks(RECIPES[title]) if block.file]

    assert [block.file for block in given if f"`{block.file}`" not in block.before] == []


def numbered(text: str) -> str:
    newest = known_revisions()[0]
    return text.replace("NNNN", f"{int(newest) + 1:04}").replace("MMMM", newest)


def follow(block: Block, copy: Path) -> None:
    path = copy / block.file
    if block.language == "sh":
        run(block.body, copy)
    elif block.language == "sql":
        ask(block.body, copy)
    elif block.language == "diff":
        path.write_text(changed(path.read_text(encoding="utf-8"), block), encoding="utf-8")
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.body, encoding="utf-8")


def changed(text: str, block: Block) -> str:
    for part in re.split(r"^@@.*\n", block.body, flags=re.MULTILINE):
        lines = part.splitlines(keepends=True)
        before = "".join(line[1:] or line for line in lines if not line.startswith("+"))
        after = "".join(line[1:] or line for line in lines if not line.startswith("-"))
        assert text.count(before) == 1, f"{block.file} does not hold exactly once:\n{before}"
        text = text.replace(before, after)
    return text


def run(script: str, copy: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    here = {
        "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}",
        "PYTHONPATH": str(copy),
        "PYTEST_ADDOPTS": "-p no:cacheprovider -k 'not postgresql'",
    }
    command = ["sh", "-eu", "-c", script.replace(".venv/bin/", "")]
    done = subprocess.run(
        command, cwd=copy, env={**kept, **here}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{script}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"


def ask(question: str, copy: Path) -> None:
    """The columns that a question names are there."""
    from records.schema.migrate import migrate
    from records.store import open_engine

    engine = open_engine(f"sqlite:///{copy / 'hqe.db'}")
    migrate(engine)
    engine.dispose()
    with closing(sqlite3.connect(copy / "hqe.db")) as connection:
        connection.execute(question)


def untidy(copy: Path, files: list[str]) -> str:
    """What ruff says of files that a recipe has written; empty when they keep to the style."""
    if not files:
        return ""
    ruff = Path(sys.executable).parent / "ruff"
    checks = (["check", "--quiet"], ["format", "--diff", "--quiet"])
    told = [
        subprocess.run([ruff, *check, *files], cwd=copy, capture_output=True, text=True, check=False).stdout
        for check in checks
    ]
    return "".join(told)
