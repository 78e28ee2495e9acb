"""Where this program's own files lie: the folder that holds the rooms."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PRIVATE = 0o077


def keep_private() -> None:
    """From here on whatever this process writes is for its own user only: state holds personal data and secrets."""
    os.umask(PRIVATE)
