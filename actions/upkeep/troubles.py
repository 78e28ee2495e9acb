"""A trouble: something an operator should see to, found in the records or on the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trouble:
    """A stable code; what is wrong, where, and what to do, in Chinese; and what ``--repair`` does about it."""

    code: str
    what: str
    where: str
    remedy: str
    mend: Callable[[], Any] | None = None
    """Repeatable; None where only a person can help."""

    @property
    def line(self) -> str:
        return f"[{self.code}] {self.what}\n    在哪里:{self.where}\n    怎么办:{self.remedy}"
