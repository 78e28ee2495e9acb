"""Every program of the house writes for its own user only, however it was started."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.places import PRIVATE, ROOT
from rehearsal.bench.portal_process import serving
from tests.portal_process import make_house

WRITING = ("deployments/prefect_server/server.py", "deployments/worker/process.py", "portal/serve.py")
"""The programs beside `hqe` itself that keep something in the state folder."""
CARELESS = 0o022
STARTED = "import os, sys; os.umask(0o022); sys.argv = sys.argv[1:]; "
TELLING = "print(oct(os.umask(0)))"


def first_call(file: str, function: str) -> str:
    """The first thing that a program does once it has read its arguments."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    [main] = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function]
    calls = [one.value for one in main.body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call)]
    names = [one.func.id for one in calls if isinstance(one.func, ast.Name)]
    return names[0] if names else ""


@pytest.mark.parametrize("file", WRITING)
def test_program_keeps_what_it_writes_private_before_all_else(file: str) -> None:
    assert first_call(file, "main") == "keep_private"


def test_every_program_that_a_unit_or_a_container_starts_is_among_them() -> None:
    files = [one for one in (ROOT / "deployments" / "files").iterdir() if one.is_file()]
    started = {
        name
        for one in files
        for name in re.findall(r"-m[, ]+([a-z_.]+)", one.read_text(encoding="utf-8"))
        if (ROOT / f"{name.replace('.', '/')}.py").exists()
    }

    assert {f"{one.replace('.', '/')}.py" for one in started} <= set(WRITING)


@pytest.mark.programs
@pytest.mark.parametrize("arguments", [["doctor", "--help"], ["no-such-command"]])
def test_command_line_keeps_what_it_writes_private(arguments: list[str]) -> None:
    code = (
        f"{STARTED}import atexit; atexit.register(lambda: {TELLING}); from commands.main import main; main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, "hqe", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.stdout.splitlines()[-1] == oct(PRIVATE)


@pytest.mark.programs
def test_run_on_a_pool_of_processes_keeps_what_it_writes_private(tmp_path: Path) -> None:
    code = f"{STARTED}from tasks.context import store\ntry:\n    store()\nexcept OSError: pass\n{TELLING}"

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "HQE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.splitlines()[-1] == oct(PRIVATE), done.stderr


@pytest.mark.programs
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for a process's umask")
def test_portal_runs_private_even_where_its_shell_is_not(tmp_path: Path) -> None:
    make_house(tmp_path).close()
    before = os.umask(CARELESS)
    try:
        with serving(tmp_path) as (process, _):
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    finally:
        os.umask(before)

    umask = re.search(r"^Umask:\s*([0-7]+)$", status, re.MULTILINE)
    assert umask is not None
    assert int(umask[1], 8) == PRIVATE
