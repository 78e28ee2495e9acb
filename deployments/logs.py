"""What the processes of a house wrote into their logs as errors."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

MOST = 20
LINE = 200


def errors_in(folder: Path) -> list[str]:
    """``name: line`` of the different error lines below ``folder``, the most frequent first, twenty at most."""
    found = Counter(
        f"{log.stem}: {line.partition(' ERROR ')[2].strip()[:LINE]}"
        for log in sorted(folder.glob("*.log"))
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()
        if " ERROR " in line
    )
    return [line for line, _ in found.most_common(MOST)]
