"""``hqe bundle``: one file from which a machine without internet is installed and rehearses."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.commands.conftest import Run

pytestmark = pytest.mark.programs

WITHOUT_NETWORK = ("unshare", "--map-root-user", "--net", "sh", "-c")


def shut_off(line: str, *, at: Path) -> subprocess.CompletedProcess[str]:
    """In a network namespace of its own, in which there is nothing but this machine itself."""
    line = f"ip link set lo up && {line}"
    return subprocess.run(
        [*WITHOUT_NETWORK, line], cwd=at, capture_output=True, text=True, timeout=900, check=False
    )


def test_bundle_is_installed_and_rehearsed_with_the_network_shut_off(run: Run, tmp_path: Path) -> None:
    if shutil.which("unshare") is None or shut_off("true", at=tmp_path).returncode:
        pytest.skip("no network namespace of one's own can be made here")
    packed = tmp_path / "offline.tar.gz"

    done = run("bundle", "--to", packed)
    with tarfile.open(packed) as found:
        found.extractall(tmp_path / "there", filter="data")
    there = tmp_path / "there" / "hqe"
    away = shut_off(
        "! python3 -c 'import socket; socket.create_connection((\"192.0.2.1\", 80), 2)' 2>&1", at=there
    )
    played = shut_off("./hqe rehearse --villages 1", at=there)

    assert (done.exit_code, away.returncode) == (0, 0), done.output
    assert played.returncode == 0, played.stderr
    assert (there / "wheels").is_dir()
