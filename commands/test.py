"""``hqe test``: every check that CI runs, the quick ones of them, or some tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path

import click

from config.places import ROOT

SYSTEM_PACKAGES = {
    "soffice": "libreoffice-calc",
    "lowriter": "libreoffice-writer",
    "pdftoppm": "poppler-utils",
    "ssconvert": "gnumeric",
    "chromium": "chromium",
    "caddy": "caddy",
    "nginx": "nginx",
}
"""By program: the Debian package that brings it."""
SIDE_BY_SIDE = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
"""Three processes on two cores: while one waits for a server the others work. ``tests/order.py`` deals them out."""
FONTS = "fonts-noto-cjk"
"""The Debian package with a Chinese font, for papers."""


QUICK = ("tests/rules", "tests/actions", "tests/config", "tests/test_house.py", "tests/test_documents.py")
"""What ``--quick`` looks at where no path is named."""
VALUED = frozenset(("-k", "-m", "-n", "-p", "-o", "-W", "--deselect", "--dist", "--ignore"))
"""Options of pytest behind which stands a value that is no path to look at."""

Check = tuple[str, list[str]]
LONG = "tests"
"""The check whose lines are shown as they come; the others are shown whole when they have ended."""
WAITS = "advisories"
"""The check that mostly waits for others' answers."""
speaking = threading.Lock()
"""Held by the check that speaks, so that no other does so in its midst."""


@cache
def rooms() -> tuple[str, ...]:
    """The packages of this program, from their one list."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return tuple(told["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


def checks(more: tuple[str, ...], *, quick: bool) -> list[Check]:
    """(name, command) in the order in which they are run, the quick ones first."""
    named = [is_in_tests(one, after=before) for before, one in pairwise(("", *more))]
    if any(named):
        told = [from_here(one) if path else one for path, one in zip(named, more, strict=True)]
        return [("tests", pytest(*told, quick=quick))]
    if quick:
        return [*checks_of_text(), ("tests", pytest(*QUICK, *SIDE_BY_SIDE, *more, quick=True))]
    coverage = str(Path(sys.executable).parent / "coverage")
    return [
        *checks_of_text(),
        ("rules", [coverage, "run", "--source=rules", "-m", "pytest", "tests/rules"]),
        ("branches of rules", [coverage, "report", "--fail-under=100"]),
        ("advisories", [sys.executable, str(ROOT / ".ci" / "advisories.py")]),
        ("tests", pytest("--ignore=tests/rules", *SIDE_BY_SIDE, *more)),
    ]


def checks_of_text() -> list[Check]:
    """What is read and not run."""
    tool = Path(sys.executable).parent
    return [
        ("ruff", [str(tool / "ruff"), "check", *rooms(), "tests"]),
        ("format", [str(tool / "ruff"), "format", "--check", *rooms(), "tests"]),
        ("types", [sys.executable, "-m", "mypy", *rooms()]),
        ("imports", [str(tool / "lint-imports"), "--no-logo"]),
    ]


def pytest(*arguments: str, quick: bool = False) -> list[str]:
    """The command that runs tests; ``quick`` leaves out what needs a server or starts a program."""
    return [sys.executable, "-m", "pytest", *(["--quick"] if quick else []), *arguments]


def is_in_tests(argument: str, *, after: str = "") -> bool:
    """Whether this names a test, a file or a folder of them, and is no value of the option that stands before."""
    place = Path(argument.split("::")[0]).resolve()
    return after not in VALUED and place.is_relative_to(ROOT / "tests") and place.exists()


def from_here(argument: str) -> str:
    """A path as typed in the folder where one is, as it is called in the root."""
    path, *inner = argument.split("::")
    return "::".join((str(Path(path).resolve().relative_to(ROOT)), *inner))


def environment() -> dict[str, str]:
    """What checks run in: bytecode is kept, or every process would compile all libraries anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def install_system_packages() -> None:
    """In CI, as root on Debian: what tests need beside Python. Elsewhere such tests say what is missing."""
    from rules.refusals import Refused
    from workbooks.papers.fonts import find_font

    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0 or not os.environ.get("CI"):
        return
    missing = [package for program, package in SYSTEM_PACKAGES.items() if shutil.which(program) is None]
    missing += [FONTS] if isinstance(find_font(), Refused) else []
    if missing:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update", "-qq"], env=quiet, check=False)
        command = [apt, "install", "-y", "-qq", "--no-install-recommends", *missing]
        subprocess.run(command, env=quiet, check=False)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--quick", is_flag=True, help="No servers, no programs: style, types, imports, rules and acts.")
@click.argument("more", metavar="[PATH]...", nargs=-1, type=click.UNPROCESSED)
def test(more: tuple[str, ...], quick: bool) -> None:
    """Run every check that CI runs, or only the tests of PATH; options that it does not know go to pytest.

    测试：全部检查，或只运行某个文件夹、文件中的测试。
    """
    install_system_packages()
    failed = failures(checks(more, quick=quick))
    if failed:
        raise click.ClickException("failed: " + ", ".join(failed))


def failures(asked: Sequence[Check]) -> list[str]:
    """The names of the checks that fail: one alone at the terminal, of several what need not wait side by side."""
    if len(asked) == 1:
        return [name for name, command in asked if not passes_at_terminal(name, command)]
    lanes = lanes_of(asked)
    with ThreadPoolExecutor(len(lanes)) as beside:
        return [name for failed in beside.map(failures_in_turn, lanes) for name in failed]


def lanes_of(asked: Sequence[Check]) -> list[list[Check]]:
    """Those that follow one another, those that wait for nobody: the tests need more time than all others."""
    apart = [[check] for check in asked if check[0] in (LONG, WAITS)]
    return [[check for check in asked if [check] not in apart], *apart]


def failures_in_turn(lane: Sequence[Check]) -> list[str]:
    return [name for name, command in lane if not passes(name, command)]


def passes(name: str, command: list[str]) -> bool:
    return (passes_line_by_line if name == LONG else passes_whole)(name, command)


def passes_at_terminal(name: str, command: list[str]) -> bool:
    """Run one check that has the terminal for itself, so that one may answer it (``--pdb``)."""
    started = announce(name)
    code = subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode
    return told(name, code, since=started)


def passes_line_by_line(name: str, command: list[str]) -> bool:
    """Run one check and show each line as it comes; others may speak between two lines."""
    started = announce(name)
    with begun(command) as process:
        for line in process.stdout or ():
            with speaking:
                click.echo(line, nl=False)
    with speaking:
        return told(name, process.returncode, since=started)


def passes_whole(name: str, command: list[str]) -> bool:
    """Run one check and show what it said when it has ended."""
    started = time.monotonic()
    with begun(command) as process:
        said, _ = process.communicate()
    with speaking:
        announce(name)
        click.echo(said, nl=False)
        return told(name, process.returncode, since=started)


def begun(command: list[str]) -> subprocess.Popen[str]:
    """Its process, of which we hear what it says."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


def announce(name: str) -> float:
    """Its name, and when it began."""
    click.secho(f"== {name}", bold=True)
    return time.monotonic()


def told(name: str, code: int, *, since: float) -> bool:
    """Its outcome and time; whether it passes."""
    outcome = "ok" if code == 0 else f"failed ({code})"
    click.echo(f"-- {name}: {outcome} in {time.monotonic() - since:.0f} s")
    return code == 0
