"""What the ringer asks of the records: bells and carriers, one transaction for each call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from records.runs.bells import Call


@dataclass(frozen=True, slots=True)
class CarrierView:
    """What the ringer must know of a carrier; `state` is new, asleep, done or parked."""

    flow_run_id: str | None
    generation: int
    state: str
    rung: bool
    """Whether a bell of its subject is unanswered."""


@dataclass(frozen=True, slots=True)
class RunLabel:
    """How a run shows in the Prefect UI, and its parameters: ids only."""

    name: str
    tags: Sequence[str]
    parameters: dict[str, str]


class Calls(Protocol):
    """The bells and carriers, one transaction for each call; times are the host's clock."""

    def waiting(self, *, limit: int) -> Sequence[Call]: ...

    def carrier(self, kind: str, subject: str) -> CarrierView | None: ...

    def describe(self, kind: str, subject: str) -> RunLabel: ...

    def claim(self, kind: str, subject: str, *, owner: str) -> bool:
        """Take the lease unless another owner's is alive."""

    def renew(self, *, owner: str) -> None: ...

    def release(self, kind: str, subject: str, *, owner: str) -> None: ...

    def owners(self) -> Sequence[str]: ...

    def silent(self) -> Sequence[str]: ...

    def evict(self, *, owner: str) -> None: ...

    def assign(self, kind: str, subject: str, *, generation: int, flow_run_id: str) -> bool: ...

    def replace(self, kind: str, subject: str, *, cause: str) -> int | None:
        """Give the run up and return the new generation, or None when the carrier is parked for this cause."""

    def answer(self, kind: str, subject: str, *, up_to: int) -> None: ...
