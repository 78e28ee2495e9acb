"""Keys are told apart by their fingerprints."""

from __future__ import annotations

from pathlib import Path

from records.sealing.vault import open_vault


def fingerprint(path: Path) -> str:
    return open_vault(path).fingerprint()
