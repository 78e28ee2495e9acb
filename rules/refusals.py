"""The value a rule or an act returns when it says no."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """A stable ``code`` for programs and a ``reason`` in Chinese that the person can act on."""

    code: str
    reason: str
