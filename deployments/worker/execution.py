"""Runs a flow run inside this process: whoever proposes Pending first executes, everybody else leaves it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

Outcome = Literal["asleep", "done", "failed", "gone"]
Loader = Callable[[str], "Flow[..., Any]"]

log = logging.getLogger("hqe.running")

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Past by any clock: whoever claims a run runs it now."""
NO_RESULTS = Path("results")
UNREAD = UUID(int=0)


def flow_at(entrypoint: str) -> Flow[..., Any]:
    """The flow at `module:name`."""
    module, _, name = entrypoint.partition(":")
    found: Flow[..., Any] = getattr(import_module(module), name)
    return found


def allow(entrypoints: dict[str, str]) -> Loader:
    """A loader that knows these kinds and no others, and imports each module once."""
    loaded: dict[str, Flow[..., Any]] = {}

    def load(kind: str) -> Flow[..., Any]:
        if kind not in loaded:
            # Naming a storage spares two requests to the server per wake-up; named, it would be used, so: never.
            loaded[kind] = flow_at(entrypoints[kind]).with_options(
                result_storage=NO_RESULTS, persist_result=False
            )
        return loaded[kind]

    return load


@contextmanager
def one_client() -> Iterator[SyncPrefectClient]:
    """One HTTP client for everything this thread does, Prefect's engine and `suspend_flow_run` included.

    Opening one costs more CPU than a wake-up has otherwise (TLS context, pools), and Prefect opens a fresh one
    for each call unless its context offers one.
    """
    from prefect.context import SyncClientContext

    with SyncClientContext.get_or_create() as context:
        yield context.client


def claim_run(client: SyncPrefectClient, flow_run_id: UUID) -> FlowRun | None:
    """Propose Pending and return the run when it is ours; None when somebody else has it or it may not run."""
    from prefect.client.schemas.objects import StateDetails
    from prefect.exceptions import Abort, Pause
    from prefect.states import Pending
    from prefect.utilities.engine import propose_state_sync

    # Else a run that was made before the clock went back, or by a clock ahead of the server's, is waited for here.
    long_due = StateDetails.model_validate({"scheduled_time": LONG_AGO})
    try:
        state = propose_state_sync(client, Pending(state_details=long_due), flow_run_id=flow_run_id)
    except (Abort, Pause):
        return None
    # A refusal comes back as the state the server prefers: Cancelled, for a second tick beside a running one.
    return client.read_flow_run(flow_run_id) if state.is_pending() else None


def wake(flow_run_id: UUID, *, kind: str, parameters: Mapping[str, str], load: Loader) -> Outcome:
    """Run a sleeping run straight from Suspended to its next sleep: four requests to the server instead of seven.

    For those who hold the subject's lease; `gone` when Prefect does not know the run any more.
    """
    import httpx

    try:
        return execute(_asleep(flow_run_id, parameters), kind=kind, load=load)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.NOT_FOUND:
            return "gone"
        raise


def _asleep(flow_run_id: UUID, parameters: Mapping[str, str]) -> FlowRun:
    """What the engine needs of a run until it reads the run itself, just before the flow's body.

    The engine writes this policy back. `resuming` keeps a wake-up from counting as one more try of the run; the keys
    of earlier sleeps are left out, which is harmless because ours are never used twice.
    """
    from prefect.client.schemas.objects import FlowRun, FlowRunPolicy

    policy = FlowRunPolicy(retries=0, retry_delay=0, resuming=True)
    return FlowRun(id=flow_run_id, flow_id=UNREAD, parameters=dict(parameters), empirical_policy=policy)


def execute(flow_run: FlowRun, *, kind: str, load: Loader) -> Outcome:
    """Run a claimed run to its next sleep or its end; a failure is logged here and stays in Prefect's state."""
    from prefect.exceptions import Abort, Pause
    from prefect.flow_engine import run_flow

    # For a run of a deployment the engine starts a thread with an event loop and a websocket, only to notice a
    # Suspend pressed in the UI within the milliseconds that our runs last. It looks at this field alone, and
    # reads the run again before the flow's body starts, so that the body sees the real one.
    unobserved = flow_run.model_copy(update={"deployment_id": None})
    try:
        run_flow(load(kind), flow_run=unobserved)
    except Pause:
        return "asleep"
    except Abort as abort:
        log.warning("%s run %s was taken from us: %s", kind, flow_run.id, abort)
        return "failed"
    except Exception as error:
        if _is_about_the_server(error):
            raise
        log.exception("%s run %s failed", kind, flow_run.id)
        return "failed"
    return "done"


def _is_about_the_server(error: Exception) -> bool:
    """Whether the server is away or has lost the run: nothing that the run did wrong."""
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in (404, 502, 503, 504)
    return isinstance(error, httpx.TransportError)


@contextmanager
def quiet_engine() -> Iterator[None]:
    """Prefect's settings for runs that last milliseconds: no heartbeat thread beside each of them.

    The environment cannot say this: Prefect refuses an empty PREFECT_FLOWS_HEARTBEAT_FREQUENCY.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
