"""What the ringer asks of the records: bells and carriers, one transaction for each call."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from actions.messages.delivery import Delivered
from actions.overview.prefect_pages import Page, Showing
from actions.runs.repair import replace_run
from config.settings import read_settings
from deployments.worker.outbox_sender import relaying, sending
from records import clock
from records.runs import bells, carriers
from records.runs.bells import Call
from records.sealing.vault import open_vault
from records.store import Store
from records.tables.runs import CarrierRow

SIGNED = 32
"""So many digits of a run's signature stand in its key."""


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

    def run_key(self, kind: str, subject: str, *, generation: int) -> str:
        """The idempotency key of the run that a bell makes: nobody without our key can make one beforehand."""

    def assign(self, kind: str, subject: str, *, generation: int, flow_run_id: str) -> bool: ...

    def replace(self, kind: str, subject: str, *, cause: str) -> int | None:
        """Give the run up and return the new generation, or None when the carrier is parked for this cause."""

    def answer(self, kind: str, subject: str, *, up_to: int) -> None: ...


class StoredCalls:
    """The ringer's view of the shared database, one short transaction for each call."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._showing = Showing(store)

    def pages(self) -> Sequence[Page]:
        """What Prefect is to show beside the runs; empty when nothing can have changed since the last look."""
        return self._showing.look(now=clock.now(self._store))

    def waiting(self, *, limit: int) -> Sequence[Call]:
        with self._store.reading() as session:
            return bells.waiting(session, limit=limit)

    def carrier(self, kind: str, subject: str) -> CarrierView | None:
        with self._store.reading() as session:
            row = session.get(CarrierRow, (kind, subject))
            if row is None:
                return None
            rung = bells.is_rung(session, kind, subject)
            return CarrierView(row.flow_run_id, row.generation, row.state, rung=rung)

    def describe(self, kind: str, subject: str) -> RunLabel:
        with self._store.reading() as session:
            row = session.get_one(CarrierRow, (kind, subject))
            return RunLabel(name=row.label, tags=row.tags, parameters={"subject": subject})

    def claim(self, kind: str, subject: str, *, owner: str) -> bool:
        with self._store.writing() as session:
            return carriers.claim(session, kind, subject, owner=owner, host_now=clock.host_now())

    def renew(self, *, owner: str) -> None:
        with self._store.writing() as session:
            carriers.renew(session, owner=owner, host_now=clock.host_now())

    def release(self, kind: str, subject: str, *, owner: str) -> None:
        with self._store.writing() as session:
            carriers.release(session, kind, subject, owner=owner)

    def owners(self) -> Sequence[str]:
        with self._store.reading() as session:
            return carriers.owners(session)

    def silent(self) -> Sequence[str]:
        with self._store.reading() as session:
            return carriers.silent_owners(session, host_now=clock.host_now())

    def evict(self, *, owner: str) -> None:
        with self._store.writing() as session:
            carriers.evict(session, owner=owner, at=clock.read(session))

    def run_key(self, kind: str, subject: str, *, generation: int) -> str:
        vault, name = self._store.vault, f"{kind}:{subject}:{generation}"
        signed = vault.sign(name.encode(), about="run", key=vault.fingerprint()) or ""
        return f"{name}:{signed[:SIGNED]}"

    def assign(self, kind: str, subject: str, *, generation: int, flow_run_id: str) -> bool:
        with self._store.writing() as session:
            return carriers.assign(session, kind, subject, generation=generation, flow_run_id=flow_run_id)

    def replace(self, kind: str, subject: str, *, cause: str) -> int | None:
        return replace_run(self._store, kind=kind, subject=subject, cause=cause, now=clock.now(self._store))

    def answer(self, kind: str, subject: str, *, up_to: int) -> None:
        with self._store.writing() as session:
            bells.answer(session, kind, subject, up_to=up_to)


def build() -> tuple[StoredCalls, Callable[[], Delivered], Callable[[], Delivered]]:
    """What the worker of this environment answers, and what sends its next mails and its next short copies."""
    settings = read_settings(os.environ)
    store = Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)
    return StoredCalls(store), sending(store, settings), relaying(store, settings)
