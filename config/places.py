"""Where things lie: the folder that holds the rooms, and the Prefect server of a house with its password."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PRIVATE = 0o077
LOOPBACK = "127.0.0.1"


def keep_private() -> None:
    """From here on whatever this process writes is for its own user only: state holds personal data and secrets."""
    os.umask(PRIVATE)


def password_file(home: Path) -> Path:
    """Where the password of a house's Prefect server is kept, readable by its owner alone."""
    return home / "prefect" / "password"


@dataclass(frozen=True, slots=True)
class PrefectAccess:
    """``api`` is the address of its interface, with ``/api``; ``password`` is ``user:password``."""

    api: str
    password: str = field(repr=False)

    @property
    def address(self) -> str:
        """Where its pages lie."""
        return self.api.removesuffix("/api")


def prefect_access(home: Path, port: int, env: Mapping[str, str]) -> PrefectAccess:
    """What ``env`` says of it, as every child of ``hqe up`` is told; else this machine's ``port`` and what lies in
    the state folder. The password is empty as long as no server was ever started there."""
    api = env.get("PREFECT_API_URL") or f"http://{LOOPBACK}:{port}/api"
    kept = password_file(home)
    said = env.get("PREFECT_API_AUTH_STRING") or (kept.read_text() if kept.exists() else "")
    return PrefectAccess(api.rstrip("/"), said)
