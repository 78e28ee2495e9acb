"""Bells and carriers in memory: the same promises as the records, for tests of the ringer."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from deployments.worker.stored_calls import CarrierView, RunLabel
from records.runs.bells import Call

LEASE = 30.0
MOST_REPLACEMENTS = 3


@dataclass
class Carrier:
    """One subject's row."""

    flow_run_id: str | None = None
    generation: int = 1
    state: str = "new"
    owner: str | None = None
    until: float = 0.0
    cause: str = ""
    replaced: int = 0


class FakeCalls:
    """Thread-safe, as the database is; `now` can be set forward to let leases run out."""

    def __init__(self) -> None:
        self.carriers: dict[tuple[str, str], Carrier] = {}
        self.bells: dict[int, tuple[str, str]] = {}
        self.answered: list[int] = []
        self.now = time.monotonic
        self._lock = threading.RLock()

    def ring(self, kind: str, subject: str) -> int:
        with self._lock:
            self.carriers.setdefault((kind, subject), Carrier())
            number = len(self.bells) + 1
            self.bells[number] = (kind, subject)
            return number

    def newest(self, kind: str, subject: str) -> int:
        with self._lock:
            return max((number for number, key in self.bells.items() if key == (kind, subject)), default=0)

    def unanswered(self) -> list[int]:
        with self._lock:
            return [number for number in self.bells if number not in self.answered]

    def waiting(self, *, limit: int) -> Sequence[Call]:
        with self._lock:
            newest = {self.bells[number]: number for number in self.unanswered()}
            return [Call(kind, subject, number) for (kind, subject), number in newest.items()][:limit]

    def carrier(self, kind: str, subject: str) -> CarrierView | None:
        with self._lock:
            row = self.carriers.get((kind, subject))
            if row is None:
                return None
            rung = (kind, subject) in {self.bells[number] for number in self.unanswered()}
            return CarrierView(row.flow_run_id, row.generation, row.state, rung=rung)

    def describe(self, kind: str, subject: str) -> RunLabel:
        return RunLabel(name=f"{kind} · {subject}", tags=["test"], parameters={"subject": subject})

    def claim(self, kind: str, subject: str, *, owner: str) -> bool:
        with self._lock:
            row = self.carriers.get((kind, subject))
            if row is None or (row.owner not in (None, owner) and row.until > self.now()):
                return False
            row.owner, row.until = owner, self.now() + LEASE
            return True

    def renew(self, *, owner: str) -> None:
        with self._lock:
            for row in self.carriers.values():
                if row.owner == owner:
                    row.until = self.now() + LEASE

    def release(self, kind: str, subject: str, *, owner: str) -> None:
        with self._lock:
            row = self.carriers.get((kind, subject))
            if row is not None and row.owner == owner:
                row.owner = None

    def owners(self) -> Sequence[str]:
        with self._lock:
            return sorted({row.owner for row in self.carriers.values() if row.owner is not None})

    def silent(self) -> Sequence[str]:
        with self._lock:
            held = [row for row in self.carriers.values() if row.owner is not None]
            return sorted({row.owner for row in held if row.owner and row.until < self.now() - LEASE})

    def evict(self, *, owner: str) -> None:
        with self._lock:
            for row in self.carriers.values():
                if row.owner == owner:
                    row.owner = None

    def run_key(self, kind: str, subject: str, *, generation: int) -> str:
        return f"{kind}:{subject}:{generation}:only-the-house-knows"

    def assign(self, kind: str, subject: str, *, generation: int, flow_run_id: str) -> bool:
        with self._lock:
            row = self.carriers[kind, subject]
            if row.generation != generation:
                return False
            row.flow_run_id = flow_run_id
            return True

    def replace(self, kind: str, subject: str, *, cause: str) -> int | None:
        with self._lock:
            row = self.carriers[kind, subject]
            row.replaced = row.replaced + 1 if row.cause == cause else 1
            row.cause = cause
            if row.replaced > MOST_REPLACEMENTS:
                row.state = "parked"
                return None
            row.generation += 1
            row.flow_run_id = None
            return row.generation

    def answer(self, kind: str, subject: str, *, up_to: int) -> None:
        with self._lock:
            self.answered += [
                number
                for number, key in self.bells.items()
                if key == (kind, subject) and number <= up_to and number not in self.answered
            ]
