"""How long the worker waits: between looks when it is quiet, and before it tries one subject again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from records.runs.bells import Call

SHORTEST = 0.02
LONGEST = 0.25
GROWTH = 1.2
SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
LONGEST_SILENCE = 30.0
"""Between two tries at a mail server that is away."""
LONGEST_ABSENCE = 1.0
"""Between two looks for a Prefect server that is away."""


class Restful:
    """A fresh one after each piece of work."""

    def __init__(self) -> None:
        self._next = SHORTEST

    def pause(self) -> float:
        """Seconds until the next look."""
        now, self._next = self._next, min(self._next * GROWTH, LONGEST)
        return now


class Backoff:
    """A fresh one as soon as the mail server takes something; until then fewer and fewer tries, one a half minute."""

    def __init__(self) -> None:
        self._next = SHORTEST_PAUSE

    def pause(self) -> float:
        """Seconds until the next try."""
        now, self._next = self._next, min(self._next * 2, LONGEST_SILENCE)
        return now


@dataclass
class Patience:
    """When to try again: 0.2 s after the first failure, doubled each time, ``longest`` at most."""

    tries: int = 0
    not_before: float = 0.0
    longest: float = LONGEST_PAUSE

    def fail(self) -> None:
        self.not_before = time.monotonic() + min(SHORTEST_PAUSE * 2**self.tries, self.longest)
        self.tries = min(self.tries + 1, 10)

    def is_over(self) -> bool:
        return time.monotonic() >= self.not_before


@dataclass
class Book:
    """Which subjects this process has in hand, and which must wait; shared by its threads."""

    in_hand: set[tuple[str, str]] = field(default_factory=set)
    patience: dict[tuple[str, str], Patience] = field(default_factory=dict)
    prefect: Patience = field(default_factory=lambda: Patience(longest=LONGEST_ABSENCE))
    heard_at: float = 0.0
    """When Prefect last answered (monotonic)."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, call: Call) -> bool:
        key = (call.kind, call.subject)
        with self.lock:
            if key in self.in_hand or not self.patience.get(key, Patience()).is_over():
                return False
            self.in_hand.add(key)
            return True

    def hear(self) -> None:
        """Prefect has answered."""
        self.prefect, self.heard_at = Patience(longest=LONGEST_ABSENCE), time.monotonic()

    def has_failed(self, call: Call) -> bool:
        """Whether the last attempt at this subject came to nothing."""
        with self.lock:
            return (call.kind, call.subject) in self.patience

    def put_back(self, call: Call, *, again_later: bool) -> None:
        key = (call.kind, call.subject)
        with self.lock:
            self.in_hand.discard(key)
            if again_later:
                self.patience.setdefault(key, Patience()).fail()
            else:
                self.patience.pop(key, None)
