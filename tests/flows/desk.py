"""One sleeping run of a real campaign in a real Prefect server, with everybody who can touch it."""

from __future__ import annotations

import asyncio
from random import randrange
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from actions.review import codes
from actions.runs.tick import ring_tick
from deployments.worker.carrier_runs import Bellhop, Orders
from deployments.worker.execution import allow
from deployments.worker.leases import owner_name
from deployments.worker.register import register
from deployments.worker.registry import ENTRYPOINTS
from deployments.worker.stored_calls import StoredCalls
from records import clock
from records.runs import bells, carriers
from records.store import Store
from records.tables.columns import Base
from records.tables.review import GateRow
from records.tables.runs import CarrierRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.prefect_server import sweeping

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

LOAD = allow(ENTRYPOINTS)
MACHINERY = frozenset(
    {
        "approval_code",
        "audit",
        "audit_head",
        "audit_seal",
        "bell",
        "carrier",
        "clock",
        "last_tick",
        "throttle",
    }
)
"""Tables that say how the work is carried; every other one is the business."""


class Desk:
    """A subject's run: woken by the ringer, or by the Resume button and the worker that polls."""

    def __init__(self, store: Store, client: SyncPrefectClient, *, kind: str, subject: str) -> None:
        self.store = store
        self.client = client
        self.kind = kind
        self.subject = subject
        self.calls = StoredCalls(store)
        orders = Orders(owner=owner_name("ringer"), home=store.home, load=LOAD, register=register)
        self.bellhop = Bellhop(self.calls, client, orders)
        register(client, scheduled=False)
        with store.writing() as session:
            # The server of the session remembers the runs of other tests of the same subject by their keys.
            session.get_one(CarrierRow, (kind, subject)).generation = randrange(10**9)

    def ring(self) -> str:
        with self.store.writing() as session:
            bells.ring(session, kind=self.kind, subject=self.subject, cause="test", at=clock.now(self.store))
        return self.attend(self.kind)

    def attend(self, kind: str) -> str:
        """Answer the waiting bell of a kind; empty when there is none."""
        calls = [call for call in self.calls.waiting(limit=100) if call.kind == kind]
        subjects = (self.subject, CAMPAIGN_ID)
        call = next((call for call in calls if call.subject in subjects), None)
        return self.bellhop.attend(call) if call else ""

    def tick(self) -> None:
        """What the calendar demands, then repairs, then what they rang."""
        ring_tick(self.store, campaign_id=CAMPAIGN_ID, now=clock.now(self.store))
        assert self.attend("tick") == "done"
        self.attend(self.kind)

    def resume(self, **typed: str) -> str:
        """The Resume button: the server's answer; then the worker polls and runs what was woken."""
        answered = self.client.resume_flow_run(self.run_id, run_input=typed or None)
        self.poll()
        return answered.status.value

    def press(self, *, name: str, type_: str, force: bool, message: str | None = None) -> None:
        """A button that sets a state, with the request that the UI sends."""
        state = {"name": name, "type": type_, **({"message": message} if message else {})}
        response = self.client._client.post(
            f"/flow_runs/{self.run_id}/set_state", json={"state": state, "force": force}
        )
        response.raise_for_status()

    def poll(self) -> None:
        from deployments.worker.worker_type import HqeWorker

        worker = HqeWorker(calls=self.calls, load=LOAD, owner=owner_name("poll"))
        with sweeping():
            asyncio.run(worker.start(run_once=True, printer=lambda *_: None))

    @property
    def carrier(self) -> CarrierRow:
        with self.store.reading() as session:
            found = carriers.find(session, self.kind, self.subject)
            assert found is not None
            return found

    @property
    def run_id(self) -> UUID:
        return UUID(self.carrier.flow_run_id or "")

    def state(self, run_id: UUID | None = None) -> tuple[str, str]:
        """(name, message)."""
        state = self.client.read_flow_run(run_id or self.run_id).state
        assert state is not None
        return str(state.name), str(state.message)

    def form(self) -> dict[str, Any]:
        """The schema that the UI shows on Resume."""
        key = f"suspended-{self.carrier.sleep_key}-schema"
        answered = self.client._client.get(f"/flow_runs/{self.run_id}/input/{key}")
        answered.raise_for_status()
        schema: dict[str, Any] = answered.json()
        return schema

    def code_for(self, person_id: str) -> str:
        """A code as the mail to this person holds it, for the gate that the run waits for."""
        with self.store.writing() as session:
            gate = session.get_one(GateRow, self.carrier.gate_id)
            return codes.mint_code(
                session, self.store.vault, gate, person_id=person_id, host_now=clock.host_now()
            )

    def business(self) -> dict[str, list[str]]:
        """Every row of every table of the business, in an order of its own."""
        tables = [table for table in Base.metadata.sorted_tables if table.name not in MACHINERY]
        with self.store.engine.connect() as connection:
            return {
                table.name: sorted(str(tuple(row)) for row in connection.execute(select(table)))
                for table in tables
            }
