"""Files written by LibreOffice; without it tests are skipped with a reason, in CI they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
Test = TypeVar("Test", bound=Callable[..., None])


def needs_office(test: Test) -> Test:
    """Marks a test that starts LibreOffice."""
    missing = OFFICE is None and not os.environ.get("CI")
    why = "LibreOffice is not installed (Debian: apt install libreoffice-calc)"
    return pytest.mark.programs(pytest.mark.skipif(missing, reason=why)(test))


def converted(data: bytes, folder: Path, to: str) -> bytes:
    """What LibreOffice makes of a workbook when it opens, calculates and saves it as ``to``."""
    assert OFFICE, "LibreOffice is not installed (Debian: apt install libreoffice-calc)"
    source, target = folder / "source.xlsx", folder / "made"
    source.write_bytes(data)
    # A profile of its own: two LibreOffices with one profile wait for each other.
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [OFFICE, profile, "--headless", "--convert-to", to, "--outdir", str(target), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    [made] = target.iterdir()
    return made.read_bytes()
