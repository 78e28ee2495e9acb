"""Wrong tries to log in: a few are free, then each makes the next one wait longer; nobody is stopped for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MEMORY = timedelta(hours=12)
"""So long after the last one all are forgotten."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How many wrong tries are free; the next waits ``first``, each further one twice as long, ``longest`` at most."""

    free: int
    first: timedelta
    longest: timedelta

    def pause(self, tries: int) -> timedelta:
        """How long after so many wrong tries the next one has to wait."""
        if tries < self.free:
            return timedelta(0)
        doubled = min(tries - self.free, 20)
        wait: timedelta = self.first * 2**doubled
        return min(wait, self.longest)


AT_ONE_ADDRESS = Patience(free=5, first=timedelta(seconds=5), longest=timedelta(minutes=15))
"""One account from one address, or at a browser that is known: whoever shares neither does not feel it."""
OF_AN_ADDRESS = Patience(free=50, first=timedelta(seconds=2), longest=timedelta(minutes=1))
"""All accounts from one address, which a whole office shares: it slows, it does not shut."""
OF_AN_ACCOUNT = Patience(free=50, first=timedelta(seconds=2), longest=timedelta(minutes=1))
"""One account from all addresses where its owner is not known."""
TOLD_AFTER = 10
"""Wrong tries from browsers that are not known, after which the person hears of them."""


def not_before(patience: Patience, *, tries: int, last: datetime) -> datetime:
    """The first moment at which another try is looked at."""
    return last + patience.pause(tries)


def wait_text(wait: timedelta) -> str:
    """``40秒`` or ``5分钟``, rounded up."""
    seconds = max(1, -int(-wait.total_seconds() // 1))
    return f"{seconds}秒" if seconds < 60 else f"{-(-seconds // 60)}分钟"
