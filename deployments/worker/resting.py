"""How long a loop rests when there was nothing to do: briefly after work, longer and longer while it is quiet."""

from __future__ import annotations

SHORTEST = 0.02
LONGEST = 0.25
GROWTH = 1.2


class Restful:
    """A fresh one after each piece of work."""

    def __init__(self) -> None:
        self._next = SHORTEST

    def pause(self) -> float:
        """Seconds until the next look."""
        now, self._next = self._next, min(self._next * GROWTH, LONGEST)
        return now
