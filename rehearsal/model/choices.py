"""Bytes as choices: of whom, what and how. Smaller bytes are plainer choices, so a shorter story is a smaller one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """What is decided by chance in one act; when its bytes are used up, the first choice is taken."""

    def __init__(self, drawn: bytes) -> None:
        self._drawn = iter(drawn)

    def number(self, below: int) -> int:
        """0 .. below - 1."""
        return next(self._drawn, 0) % below

    def one(self, of: Sequence[T]) -> T:
        return of[self.number(len(of))]

    def rarely(self, percent: int) -> bool:
        """True so often; False is the plainer one."""
        return next(self._drawn, 0) * 100 >= (100 - percent) * 256
