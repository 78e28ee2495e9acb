"""The seam between the worker and the records: which bells it answers, and how the outbox is sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from actions.messages.delivery import Sender, deliver_next
from actions.overview.prefect_pages import Page, Showing
from actions.runs.repair import replace_run
from config.settings import Settings, read_settings
from deployments.worker.calls import CarrierView, RunLabel
from deployments.worker.leases import is_dead, owner_name
from notifications.channels import Channel
from records import clock, outbox
from records.runs import bells, carriers
from records.runs.bells import Call
from records.sealing.vault import open_vault
from records.store import Store
from records.tables.runs import CarrierRow


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

    def assign(self, kind: str, subject: str, *, generation: int, flow_run_id: str) -> bool:
        with self._store.writing() as session:
            return carriers.assign(session, kind, subject, generation=generation, flow_run_id=flow_run_id)

    def replace(self, kind: str, subject: str, *, cause: str) -> int | None:
        return replace_run(self._store, kind=kind, subject=subject, cause=cause, now=clock.now(self._store))

    def answer(self, kind: str, subject: str, *, up_to: int) -> None:
        with self._store.writing() as session:
            bells.answer(session, kind, subject, up_to=up_to)


def build() -> tuple[StoredCalls, Callable[[], bool]]:
    """What the worker of this environment answers, and what sends its next message (False: none to send)."""
    settings = read_settings(os.environ)
    store = Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)
    return StoredCalls(store), _sending(store, settings)


def _sending(store: Store, settings: Settings) -> Callable[[], bool]:
    if not settings.smtp_url:
        return lambda: False
    sender = Sender(
        name=owner_name("outbox"),
        channel=Channel(settings.smtp_url),
        link=settings.public_url,
        domain=urlsplit(settings.public_url).hostname or "localhost",
    )
    _evict_dead_senders(store)
    return lambda: deliver_next(store, sender, now=clock.now(store), host_now=clock.host_now())


def _evict_dead_senders(store: Store) -> None:
    with store.writing() as session:
        for name in outbox.senders(session):
            if is_dead(name):
                outbox.evict(session, owner=name)
