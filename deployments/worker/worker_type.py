"""Our type of Prefect worker: it runs flows inside its own process instead of starting one for each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import anyio
import anyio.abc
from prefect.exceptions import Pause
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from deployments.worker.execution import Loader, allow, execute, one_client, quiet_engine
from deployments.worker.registry import ENTRYPOINTS, POOL, RUN_PER_BELL

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

    from deployments.worker.stored_calls import Calls

# The Prefect server imports this module too (entry point `prefect.collections`), to know the type of our work
# pool: so nothing here may import flows, open a database or read the environment.

POLLED_RUNS_AT_ONCE = 1
UNASKED = "运行由程序自动发起，手工启动的不执行。"


class HqeJobConfiguration(BaseJobConfiguration):
    """Nothing to configure: a run gets a thread of this process."""


class HqeVariables(BaseVariables):
    """Shown in the Prefect UI; this worker starts no process, so none of it is used."""


class HqeResult(BaseWorkerResult):
    """What became of a run; Prefect knows its state already."""


class HqeWorker(BaseWorker[Any, Any, HqeResult]):
    """Runs what Prefect's scheduler or its UI starts; what a bell wakes is run by the ringer beside it."""

    type = "hqe"
    job_configuration = HqeJobConfiguration
    job_configuration_variables = HqeVariables
    _description = "Runs the flows of the campaign inside the worker's own process."

    def __init__(self, *, calls: Calls | None = None, load: Loader | None = None, owner: str = "") -> None:
        super().__init__(work_pool_name=POOL, name=f"hqe-{os.getpid()}")
        self._calls = calls
        self._load = load or allow(ENTRYPOINTS)
        self._owner = owner
        # Not the worker's own `limit`: one run that is not ours to take would hold its place at every poll.
        self._places = anyio.CapacityLimiter(POLLED_RUNS_AT_ONCE)

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,  # noqa: ARG002 - Prefect's signature
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> HqeResult:
        """Run to the next sleep or the end; a failure is in the run's own state, so the code is always 0."""
        if task_status is not None:
            task_status.started(os.getpid())
        try:
            # Shielded, so that a worker that stops finishes what it runs.
            with anyio.CancelScope(shield=True):
                outcome = await anyio.to_thread.run_sync(self._run_here, flow_run, limiter=self._places)
        finally:
            await anyio.to_thread.run_sync(self._release, flow_run)
        return HqeResult(identifier=outcome, status_code=0)

    def _run_here(self, flow_run: FlowRun) -> str:
        with quiet_engine(), one_client() as client:
            kind = client.read_flow(flow_run.flow_id).name
            return execute(client.read_flow_run(flow_run.id), kind=kind, load=self._load)

    async def _propose_pending_state(self, flow_run: FlowRun) -> bool:
        if await self._cancel_unasked(flow_run):
            return False
        # Then the lease, as in the ringer: who holds it may take a Pending run for a dead one.
        if not await anyio.to_thread.run_sync(self._claim, flow_run):
            return False
        refused = await self._cancel_superseded(flow_run)
        ours = not refused and await self._propose(flow_run)
        if not ours:
            await anyio.to_thread.run_sync(self._release, flow_run)
        return ours

    async def _propose(self, flow_run: FlowRun) -> bool:
        try:
            return await super()._propose_pending_state(flow_run)
        except Pause:
            # A late poll of a run that sleeps again. Pause is a BaseException, which would end the worker.
            return False

    async def _cancel_unasked(self, flow_run: FlowRun) -> bool:
        """Cancel a run that somebody started in Prefect, with whatever key: only a bell starts one for a subject."""
        kind = (await self.client.read_flow(flow_run.flow_id)).name
        if kind in RUN_PER_BELL or await anyio.to_thread.run_sync(self._is_asked, flow_run, kind):
            return False
        await self._mark_flow_run_as_cancelled(flow_run, state_updates={"message": UNASKED})
        return True

    async def _cancel_superseded(self, flow_run: FlowRun) -> bool:
        """Cancel a run that was retried in the Prefect UI after another had taken its subject over."""
        current = await anyio.to_thread.run_sync(self._current_run, flow_run)
        if current in (None, str(flow_run.id)):
            return False
        await self._mark_flow_run_as_cancelled(
            flow_run, state_updates={"message": f"Run {current} carries this subject now."}
        )
        return True

    def _is_asked(self, flow_run: FlowRun, kind: str) -> bool:
        """Whether a bell made it: it carries its subject, or bears the key that only our ringer can give."""
        subject = _subject(flow_run)
        if subject is None or subject[0] != kind:
            return False
        carrier = self._calls.carrier(*subject) if self._calls is not None else None
        if self._calls is None or carrier is None:
            return self._calls is None
        if carrier.flow_run_id == str(flow_run.id):
            return True
        key = flow_run.idempotency_key or ""
        generation = key.removeprefix(f"{kind}:{subject[1]}:").partition(":")[0]
        fits = generation.isdecimal() and len(generation) < 19 and int(generation) <= carrier.generation
        return fits and key == self._calls.run_key(*subject, generation=int(generation))

    def _current_run(self, flow_run: FlowRun) -> str | None:
        subject = _subject(flow_run)
        carrier = self._calls.carrier(*subject) if self._calls is not None and subject else None
        return None if carrier is None else carrier.flow_run_id

    def _claim(self, flow_run: FlowRun) -> bool:
        subject = _subject(flow_run)
        if self._calls is None or not subject:
            return True
        return self._calls.claim(*subject, owner=self._owner)

    def _release(self, flow_run: FlowRun) -> None:
        subject = _subject(flow_run)
        if self._calls is not None and subject:
            self._calls.release(*subject, owner=self._owner)


def _subject(flow_run: FlowRun) -> tuple[str, str] | None:
    """Whose run this is; its key says kind:subject:generation:signature, a run without one has no carrier."""
    subject = str(flow_run.parameters.get("subject", ""))
    kind, _, rest = (flow_run.idempotency_key or "").partition(":")
    return (kind, subject) if subject and rest.startswith(f"{subject}:") else None
