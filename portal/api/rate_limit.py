"""How often a program may knock: counted in this process alone, by token and by address."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

MOST_KEYS = 10_000


class Pace:
    """At most ``most`` knocks with one key in a window of so many seconds."""

    def __init__(
        self, most: int, *, window: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self._window, self._clock = window, clock
        self._counts: dict[str, tuple[int, float]] = {}

    def wait(self, key: str) -> int:
        """Count one more knock; the seconds to wait when it is one too many, else 0."""
        now = self._clock()
        if len(self._counts) >= MOST_KEYS:
            self._counts = {one: seen for one, seen in self._counts.items() if seen[1] > now}
        count, ends = self._counts.get(key, (0, now))
        if ends <= now:
            count, ends = 0, now + self._window
        self._counts[key] = (count + 1, ends)
        return math.ceil(ends - now) if count >= self.most else 0
