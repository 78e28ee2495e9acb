"""Both READMEs say the same commands, and these work in their order on a fresh clone, with what they ask for."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.places import ROOT
from config.settings import SETTINGS
from deployments.prefect_server.server import free_port, without_prefect

pytestmark = pytest.mark.programs

TYPED = re.compile(r"^    (\./hqe [^#\n]*?)\s*(?:#.*)?$", re.MULTILINE)
LINK = re.compile(r"https?://\S+/invitation/\S+")
WITHIN = 600
TOLD = "    写为 "


def commands(readme: str) -> list[str]:
    return TYPED.findall((ROOT / readme).read_text(encoding="utf-8"))


def test_both_readmes_say_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh.md")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository as a newcomer has it."""
    place = tmp_path_factory.mktemp("newcomer") / "hqe"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(place)], check=True)
    return place


@pytest.fixture(scope="module")
def env() -> dict[str, str]:
    bare = {
        name: value
        for name, value in without_prefect(os.environ).items()
        if name not in (*SETTINGS, "HQE_HOME")
    }
    return bare | {
        "HQE_PORTAL_PORT": str(free_port()),
        "HQE_PREFECT_PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
    }


def typed(
    clone: Path, env: dict[str, str], line: str, *, answers: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        line.split(),
        cwd=clone,
        env=env,
        input=answers,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )


@contextmanager
def left_running(clone: Path, env: dict[str, str], line: str, *, until: str) -> Iterator[str]:
    """A command that stays, in a terminal of its own, once it has said ``until``; Ctrl-C at the end.

    INT is ignored at its start, as by a shell that starts it with `&`.
    """
    said = clone / "said"
    with said.open("w") as out:
        process = subprocess.Popen(
            line.split(), cwd=clone, env=env, stdout=out, stderr=out, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )  # fmt: skip
    try:
        deadline = time.monotonic() + WITHIN
        while until not in said.read_text(encoding="utf-8"):
            assert process.poll() is None, said.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, said.read_text(encoding="utf-8")
            time.sleep(0.3)
        yield said.read_text(encoding="utf-8")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)


def write_what_is_told(folder: Path, told: str) -> None:
    """The lines that a check says to write, each in the place of the line of its key."""
    wanted = [line.removeprefix(TOLD) for line in told.splitlines() if line.startswith(TOLD)]
    page = folder / "calendar.yaml"
    keys = tuple(f"{line.partition(':')[0]}:" for line in wanted)
    kept = [line for line in page.read_text(encoding="utf-8").splitlines() if not line.startswith(keys)]
    page.write_text("\n".join([*kept, *wanted]) + "\n", encoding="utf-8")


def test_every_command_of_the_readmes_works_in_its_order_on_a_fresh_clone(
    clone: Path, env: dict[str, str]
) -> None:
    play, look, setup, up, new, check, open_, test = commands("README.md")
    small = " --villages 2"

    played = typed(clone, env, play + small)
    assert played.returncode == 0, played.stderr
    with left_running(clone, env, look + small, until="Ctrl-C ends it.") as shown:
        assert len(LINK.findall(shown)) == 7
        assert shown.count("待办") >= 7
    asked = typed(clone, env, setup, answers="\n" * 4)
    assert asked.returncode == 0, asked.stderr
    next_year = datetime.now(UTC).year + 1
    with left_running(clone, env, up, until="Ctrl-C 全部停止"):
        for year in (next_year, next_year + 1):
            of_year = [line.replace("2027", str(year)) for line in (new, check, open_)]
            assert typed(clone, env, of_year[0]).returncode == 0
            wrong = typed(clone, env, of_year[1])
            if wrong.returncode:
                assert "有1处需要改正" in wrong.stderr, wrong.stderr
                write_what_is_told(clone / "my-county" / str(year), wrong.stderr)
            assert typed(clone, env, of_year[1]).returncode == 0
            opened = typed(clone, env, of_year[2])
            assert opened.returncode == 0, opened.stderr
            assert LINK.search(opened.stdout)
    assert test == "./hqe test"
