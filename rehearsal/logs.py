"""What the processes of a house wrote into their logs as errors."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

MOST = 20
LINE = 200


def errors_in(folder: Path) -> list[str]:
    """``name: line`` of the different error lines below ``folder``, the most frequent first, twenty at most."""
    found = Counter(
        f"{log.stem}: {told[:LINE]}"
        for log in sorted(folder.glob("*.log"))
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()
        if (told := _error_in(line))
    )
    return [line for line, _ in found.most_common(MOST)]


def _error_in(line: str) -> str:
    """What a line of text or JSON tells as an error; empty when it tells of none."""
    if not line.startswith("{"):
        return line.partition(" ERROR ")[2].strip()
    try:
        told = json.loads(line)
    except ValueError:
        return ""
    return str(told.get("message", "")) if told.get("level") == "ERROR" else ""
