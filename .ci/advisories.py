"""Hold what is locked against published advisories, with pip-audit in an environment of its own.

Ends with 1 where an advisory names a locked version. Where no advisories can be had (no network, a mirror without
them), it says so and ends with 0: an offline build is no insecure one, but nobody looked.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-site.lock")
TOOL = "requirements-audit.lock"
PATIENCE_S = 300
NOBODY_LOOKED = "advisories: none can be had here, nobody looked"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        tool = installed(Path(folder))
        told = [report(tool, lock) for lock in LOCKS] if tool else []
    sentences, code = judged(told)
    sys.stdout.write("\n".join([*sentences, ""]))
    return code


def installed(folder: Path) -> Path | None:
    """The tool in a fresh environment, by its own lock; None where it cannot be had."""
    python = folder / "bin" / "python"
    install = ["-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", str(ROOT / TOOL)]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=PATIENCE_S)
        subprocess.run([str(python), *install], check=True, timeout=PATIENCE_S, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return python


def report(python: Path, lock: str) -> Mapping[str, object] | None:
    """What pip-audit says of a lock; None where it got no answer."""
    asked = [
        "-m",
        "pip_audit",
        "-r",
        lock,
        "--disable-pip",
        "--require-hashes",
        "-f",
        "json",
        "--progress-spinner=off",
    ]
    try:
        done = subprocess.run(
            [str(python), *asked], cwd=ROOT, timeout=PATIENCE_S, capture_output=True, text=True, check=False
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None


def judged(reports: Sequence[Mapping[str, object] | None]) -> tuple[list[str], int]:
    """What is to be said of the reports, and the exit code."""
    parts = [one for told in reports if told for one in told.get("dependencies", ())]  # type: ignore[attr-defined]
    looked = [one for one in parts if "skip_reason" not in one]
    if not looked:
        return [NOBODY_LOOKED], 0
    bad = {
        (one["name"], one["version"], found["id"], ", ".join(found.get("fix_versions", ())))
        for one in looked
        for found in one.get("vulns", ())
    }
    said = [
        f"{name} {version}: {advisory}, mended in {fixed or '-'}"
        for name, version, advisory, fixed in sorted(bad)
    ]
    if len(looked) < len(parts):
        said.append(f"advisories: {len(parts) - len(looked)} of {len(parts)} parts could not be looked up")
    return said or [f"advisories: none about {len(looked)} parts"], 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
