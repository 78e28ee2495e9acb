"""``hqe test``: every check that CI runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click

from config.places import ROOT

ROOMS = (
    "actions", "commands", "config", "deployments", "flows", "notifications",
    "portal", "records", "rehearsal", "rules", "tasks", "workbooks",
)  # fmt: skip
SYSTEM_PACKAGES = {
    "soffice": "libreoffice-calc",
    "chromium": "chromium",
    "caddy": "caddy",
    "nginx": "nginx",
}
"""By program: the Debian package that brings it."""
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile"]
"""Two processes, each file in one of them: on two cores in less than half the time."""
FONTS = "fonts-noto-cjk"
"""The Debian package with a Chinese font, for papers."""


def checks(more: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """(name, command) in the order in which they are run, the quick ones first."""
    tool = Path(sys.executable).parent
    python, coverage = sys.executable, str(tool / "coverage")
    return [
        ("ruff", [str(tool / "ruff"), "check", *ROOMS, "tests"]),
        ("format", [str(tool / "ruff"), "format", "--check", *ROOMS, "tests"]),
        ("types", [python, "-m", "mypy", *ROOMS]),
        ("imports", [str(tool / "lint-imports"), "--no-logo"]),
        ("rules", [coverage, "run", "--source=rules", "-m", "pytest", "tests/rules"]),
        ("branches of rules", [coverage, "report", "--fail-under=100"]),
        ("tests", [python, "-m", "pytest", "--ignore=tests/rules", *SIDE_BY_SIDE, *more]),
    ]


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
@click.argument("more", nargs=-1, type=click.UNPROCESSED)
def test(more: tuple[str, ...]) -> None:
    """Run every check that CI runs; MORE goes to pytest (`-n 0`: one process)."""
    install_system_packages()
    failed = []
    for name, command in checks(more):
        click.secho(f"== {name}", bold=True)
        started = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env=os.environ, check=False).returncode
        click.echo(
            f"-- {name}: {'ok' if code == 0 else f'failed ({code})'} in {time.monotonic() - started:.0f} s"
        )
        failed += [name] if code else []
    if failed:
        raise click.ClickException("failed: " + ", ".join(failed))
