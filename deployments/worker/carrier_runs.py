"""Answers one bell: finds or makes the run that carries its subject, wakes it and runs it here to its next sleep."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from config.failpoints import reach
from deployments.worker.execution import Loader, Outcome, claim_run, execute, wake
from deployments.worker.registry import POOL, RUN_PER_BELL
from deployments.worker.stored_calls import Calls, CarrierView
from records import clock
from records.runs.bells import Call

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun, State
    from prefect.client.schemas.responses import OrchestrationResult

log = logging.getLogger("hqe.ringer")
ENDS_WITHIN = timedelta(seconds=4)
"""A process has ended so long after its run fell asleep: Prefect's process worker dies of a run that it is to start
while it still has that run's last process in hand."""
Answer = Literal["asleep", "done", "failed", "gone", "rung", "left", "parked", "answered"]
WELL = ("asleep", "done", "answered")
"""After these answers nothing is to be tried again."""


@dataclass(frozen=True, slots=True)
class Orders:
    """How a ringer works: under which name it leases, how flows are found, how deployments are made known.

    On a `pool` other than ours it only rings: it starts and resumes runs, that pool's own workers (processes,
    Kubernetes) execute them.
    """

    owner: str
    home: Path
    load: Loader
    register: Callable[[SyncPrefectClient], None]
    threads: int = 2
    polls_as: str = ""
    """The name under which a polling worker beside the ringer leases; its leases are kept alive too."""
    pool: str = POOL

    @property
    def only_ring(self) -> bool:
        return self.pool != POOL


class Bellhop:
    """Answers one call at a time, on one thread, with one client."""

    def __init__(self, calls: Calls, client: SyncPrefectClient, orders: Orders) -> None:
        self._calls = calls
        self._client = client
        self._orders = orders

    def attend(self, call: Call, *, again: bool = False) -> Answer:
        """Take the subject's lease, wake or make its run and execute it; `left` when it is not ours to do now.

        `again` after an attempt that failed: then the run's state in Prefect is looked at first.
        """
        if not self._calls.claim(call.kind, call.subject, owner=self._orders.owner):
            return "left"
        try:
            return self._attend_leased(call, again=again)
        finally:
            self._calls.release(call.kind, call.subject, owner=self._orders.owner)

    def _attend_leased(self, call: Call, *, again: bool) -> Answer:
        reach("ringer.bell_taken", home=self._orders.home)
        carrier = self._calls.carrier(call.kind, call.subject)
        if carrier is None or carrier.state == "parked":
            return "parked"
        if not carrier.rung:
            # The call was read before the wake that answered it ended: a second one would find nothing to do.
            return "answered"
        if carrier.state == "done":
            # The business is over: nobody would ever hear this bell.
            self._complete(carrier)
            self._calls.answer(call.kind, call.subject, up_to=call.bell_id)
            return "done"
        if call.kind in RUN_PER_BELL:
            return self._run_for_bell(call)
        if self._orders.only_ring and carrier.flow_run_id and (at_work := self._elsewhere(call, carrier)):
            return at_work
        if carrier.state == "asleep" and carrier.flow_run_id and not (again or self._orders.only_ring):
            woken = self._wake(UUID(carrier.flow_run_id), call)
            if woken != "gone":
                return woken
        run_id = self._woken(call, carrier)
        if run_id is None or self._orders.only_ring:
            return "left" if run_id is None else "rung"
        reach("ringer.resumed", home=self._orders.home)
        return self._run(run_id, call.kind)

    def _elsewhere(self, call: Call, carrier: CarrierView) -> Answer | None:
        """What a run in somebody else's process is about, which holds no lease; None when it may be rung.

        It answers its bells before it falls asleep: only a bell found unanswered after the run was seen
        asleep is a new one.
        """
        from prefect.exceptions import ObjectNotFound

        try:
            run = self._client.read_flow_run(UUID(carrier.flow_run_id or ""))
        except ObjectNotFound:
            return None
        state = run.state
        if state is None or state.is_final() or run.work_pool_name not in (None, self._orders.pool):
            return None
        if not state.is_paused():
            return "rung" if state.is_scheduled() else "left"
        # A run that fell asleep later than now did so before the clock went back.
        if abs(clock.host_now() - state.timestamp) < ENDS_WITHIN:
            return "left"
        seen = self._calls.carrier(call.kind, call.subject)
        return None if seen is not None and seen.rung else "answered"

    def _wake(self, run_id: UUID, call: Call) -> Outcome:
        """The short way, for the run of a subject that fell asleep well; whatever is not well takes the long one."""
        reach("ringer.resumed", home=self._orders.home)
        outcome = wake(run_id, kind=call.kind, parameters={"subject": call.subject}, load=self._orders.load)
        if outcome != "done":
            return outcome
        # Prefect may have refused to run it (somebody was cancelling it): then its business is not done.
        carrier = self._calls.carrier(call.kind, call.subject)
        return "done" if carrier is not None and carrier.state == "done" else "failed"

    def _complete(self, carrier: CarrierView) -> None:
        """Close a run whose process died after its business was done and before Prefect heard of it."""
        from prefect.exceptions import ObjectNotFound
        from prefect.states import Completed

        if carrier.flow_run_id is None:
            return
        try:
            run = self._client.read_flow_run(UUID(carrier.flow_run_id))
        except ObjectNotFound:
            return
        if run.state is None or not run.state.is_final():
            self._client.set_flow_run_state(run.id, Completed(), force=True)

    def _run(self, run_id: UUID, kind: str) -> Outcome | Literal["left"]:
        flow_run = claim_run(self._client, run_id)
        return "left" if flow_run is None else execute(flow_run, kind=kind, load=self._orders.load)

    def _run_for_bell(self, call: Call) -> Answer:
        run = self._create(call, key=None)
        if self._orders.only_ring:
            self._calls.answer(call.kind, call.subject, up_to=call.bell_id)
            return "rung"
        outcome = self._run(run.id, call.kind)
        if outcome == "left":
            bury_dead_runs(self._client, kind=call.kind, subject=call.subject, without=run.id)
        if outcome == "done":
            self._calls.answer(call.kind, call.subject, up_to=call.bell_id)
        return outcome

    def _woken(self, call: Call, carrier: CarrierView) -> UUID | None:
        """The run that carries the subject, scheduled now; None when it cannot be had at this moment."""
        if carrier.flow_run_id is None:
            return self._made(call, carrier.generation)
        run_id = UUID(carrier.flow_run_id)
        found = "left behind" if self._leave_behind(run_id) else self._resumed(run_id)
        if found == "scheduled":
            return run_id
        if found == "busy":
            return None
        log.warning("the run of %s %s is %s: replaced", call.kind, call.subject, found)
        generation = self._calls.replace(call.kind, call.subject, cause=found)
        return None if generation is None else self._made(call, generation)

    def _leave_behind(self, run_id: UUID) -> bool:
        """Cancel a run made for another pool, where nobody works any more; True when it was one."""
        from prefect.exceptions import ObjectNotFound
        from prefect.states import Cancelled

        if not self._orders.only_ring:
            return False
        try:
            run = self._client.read_flow_run(run_id)
        except ObjectNotFound:
            return False
        if run.work_pool_name in (None, self._orders.pool):
            return False
        moved: State = Cancelled(message=f"Its subject is carried on pool {self._orders.pool} now.")
        self._client.set_flow_run_state(run_id, moved, force=True)
        return True

    def _made(self, call: Call, generation: int) -> UUID | None:
        run = self._create(call, key=self._calls.run_key(call.kind, call.subject, generation=generation))
        assigned = self._calls.assign(call.kind, call.subject, generation=generation, flow_run_id=str(run.id))
        # The key may have found a run that was made before this process died: then it may be in any state.
        if not assigned or run.state is None or not run.state.is_scheduled():
            return None
        return run.id

    def _resumed(self, run_id: UUID) -> str:
        """`scheduled` when the run may be claimed now, `busy` to come back later, else why it is lost."""
        import httpx
        from prefect.client.schemas.responses import SetStateStatus
        from prefect.exceptions import ObjectNotFound

        refusal: httpx.HTTPStatusError | None = None
        try:
            if self._client.resume_flow_run(run_id).status == SetStateStatus.ACCEPT:
                return "scheduled"
        except ObjectNotFound:
            return "deleted"
        except httpx.HTTPStatusError as error:
            refusal = error
        try:
            state = self._client.read_flow_run(run_id).state
        except ObjectNotFound:
            # Prefect answers 500, not 404, to Resume of a run that is gone.
            return "deleted"
        if refusal is not None:
            raise refusal
        return self._moved(run_id, state)

    def _moved(self, run_id: UUID, state: State | None) -> str:
        """What to do with a run that Resume refused."""
        if state is None or state.is_final():
            return "without state" if state is None else state.type.value.lower()
        if state.is_scheduled():
            return "scheduled"
        if state.is_cancelling() or (self._orders.only_ring and not state.is_paused()):
            return "busy"
        # We hold the lease, so a run that is Pending or Running lost its process, and one that is still Paused
        # died between falling asleep and storing its form (Resume then refuses for ever).
        return self._rescheduled(run_id)

    def _rescheduled(self, run_id: UUID) -> str:
        from prefect.client.schemas.responses import SetStateStatus
        from prefect.states import Scheduled

        result: OrchestrationResult[Any] = self._client.set_flow_run_state(run_id, Scheduled(name="Resuming"))
        return "scheduled" if result.status == SetStateStatus.ACCEPT else "busy"

    def _create(self, call: Call, *, key: str | None) -> FlowRun:
        from prefect.exceptions import ObjectNotFound

        try:
            return self._create_once(call, key=key)
        except ObjectNotFound:
            # Prefect's database was deleted, and the deployments with it.
            log.warning("the Prefect server does not know our deployments: registered again")
            self._orders.register(self._client)
            return self._create_once(call, key=key)

    def _create_once(self, call: Call, *, key: str | None) -> FlowRun:
        from prefect.states import Scheduled

        label = self._calls.describe(call.kind, call.subject)
        deployment = self._client.read_deployment_by_name(f"{call.kind}/{call.kind}")
        return self._client.create_flow_run_from_deployment(
            deployment.id,
            parameters=label.parameters,
            name=label.name,
            tags=label.tags,
            state=Scheduled(),
            idempotency_key=key,
        )


def bury_dead_runs(client: SyncPrefectClient, *, kind: str, subject: str, without: UUID) -> int:
    """Mark a subject's other runs that look alive as crashed; how many.

    Only for who holds the subject's lease: nobody else executes a run of it, whatever Prefect believes. The
    deployment of the tick allows one run at a time, and a dead one would hold its place for minutes.
    """
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter
    from prefect.states import Crashed

    looks_alive = FlowRunFilter.model_validate({"state": {"type": {"any_": ["PENDING", "RUNNING"]}}})
    flow = FlowFilter(name=FlowFilterName(any_=[kind]))
    dead = [
        run
        for run in client.read_flow_runs(flow_filter=flow, flow_run_filter=looks_alive)
        if run.id != without and run.parameters.get("subject") == subject
    ]
    for run in dead:
        log.warning("the %s run %s has no process any more", kind, run.id)
        client.set_flow_run_state(run.id, Crashed(message="The process that ran it is gone."))
    return len(dead)
