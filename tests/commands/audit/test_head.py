"""``hqe audit head``: what is printed is verified later."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import typed


def test_audit_head_as_printed_is_verified_later(home: Path, taken: Path) -> None:
    paper = typed("audit", "head", "--home", str(home)).output.split('"')[1]
    typed("backup", "--home", str(home))

    agrees = typed("audit", "verify", "--home", str(home), "--paper", paper)
    other = typed("audit", "verify", "--home", str(home), "--paper", f"1:{'0' * 64}")
    unreadable = typed("audit", "verify", "--home", str(home), "--paper", "2:abc")

    assert (agrees.exit_code, agrees.output.startswith("audit log whole: 4 entries")) == (0, True)
    assert (other.exit_code, "not the one on paper" in other.output) == (1, True)
    assert (unreadable.exit_code, "--head 须为" in unreadable.output) == (1, True)
