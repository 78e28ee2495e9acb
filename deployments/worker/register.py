"""Tells the Prefect server which work pool and deployments this house has."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from deployments.worker.registry import POOL, PROCESS_POOL, REGISTERED, SERVED, Registered

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.responses import DeploymentResponse
    from prefect.workers.base import BaseWorker

SERVED_WITHIN = 120.0
OURS = (POOL, PROCESS_POOL)


class NoSuchPool(LookupError):
    """A pool of somebody else's type, which only they can make."""


def register(
    client: SyncPrefectClient,
    *,
    deployments: tuple[Registered, ...] = REGISTERED,
    scheduled: bool = True,
    pool: str = POOL,
) -> None:
    """Make the server know what it does not know yet; runs that exist are never touched.

    `scheduled=False` registers without schedules: whoever plays simulated time starts the tick himself.
    Raises NoSuchPool for a pool that is not there and is neither of ours.
    """
    if pool == SERVED:
        _wait_until_served(client, deployments)
        return
    _make_pool(client, pool)
    known = {deployment.name: deployment for deployment in client.read_deployments()}
    for wanted in deployments:
        if not _agrees(known.get(wanted.kind), wanted, scheduled=scheduled, pool=pool):
            _apply(client, wanted, scheduled=scheduled, pool=pool)


def _wait_until_served(client: SyncPrefectClient, deployments: tuple[Registered, ...]) -> None:
    deadline = time.monotonic() + SERVED_WITHIN
    wanted = {deployment.kind for deployment in deployments}
    while not wanted <= {known.name for known in client.read_deployments()}:
        if time.monotonic() > deadline:
            raise TimeoutError("nobody serves the deployments")
        time.sleep(0.2)


def _make_pool(client: SyncPrefectClient, name: str) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

    try:
        _open_pool(client, name)
    except ObjectNotFound:
        worker = _worker_of(name)
        template = worker.get_default_base_job_template()
        with suppress(ObjectAlreadyExists):  # another process of ours was quicker
            client.create_work_pool(WorkPoolCreate(name=name, type=worker.type, base_job_template=template))


def _open_pool(client: SyncPrefectClient, name: str) -> None:
    """A pool of ours, or a queue of it, that somebody paused or limited runs nothing: nobody would be reminded."""
    from prefect.client.schemas.actions import WorkPoolUpdate

    pool = client.read_work_pool(name)
    if name not in OURS:
        return
    if pool.is_paused or pool.concurrency_limit is not None:
        client.update_work_pool(name, WorkPoolUpdate(is_paused=False, concurrency_limit=None))
    for queue in client.read_work_queues(work_pool_name=name):
        if queue.is_paused or queue.concurrency_limit is not None:
            client.update_work_queue(queue.id, is_paused=False, concurrency_limit=None)


def _worker_of(pool: str) -> type[BaseWorker[Any, Any, Any]]:
    from prefect.workers.process import ProcessWorker

    from deployments.worker.worker_type import HqeWorker

    ours: dict[str, type[BaseWorker[Any, Any, Any]]] = {POOL: HqeWorker, PROCESS_POOL: ProcessWorker}
    if pool not in ours:
        raise NoSuchPool(f"no work pool {pool}: make it first with 'prefect work-pool create {pool}'")
    return ours[pool]


def _agrees(known: DeploymentResponse | None, wanted: Registered, *, scheduled: bool, pool: str) -> bool:
    # An upsert deletes and re-plans the runs of a schedule, so it is not done when nothing changed.
    if known is None or known.entrypoint != wanted.entrypoint or known.work_pool_name != pool:
        return False
    if (known.description, known.tags) != (wanted.description, [wanted.title]):
        return False
    limit = known.global_concurrency_limit
    if known.paused or (limit.limit if limit else None) != (1 if wanted.every is not None else None):
        return False
    planned = [getattr(plan.schedule, "interval", None) for plan in known.schedules if plan.active]
    return len(planned) == len(known.schedules) and planned == (
        [wanted.every] if wanted.every is not None and scheduled else []
    )


def _apply(client: SyncPrefectClient, wanted: Registered, *, scheduled: bool, pool: str) -> None:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
    from prefect.client.schemas.schedules import IntervalSchedule

    plans: list[Any] = []
    if wanted.every is not None and scheduled:
        plans = [DeploymentScheduleCreate(schedule=IntervalSchedule(interval=wanted.every), active=True)]
    client.create_deployment(
        flow_id=client.create_flow_from_name(wanted.kind),
        name=wanted.kind,
        description=wanted.description,
        tags=[wanted.title],
        entrypoint=wanted.entrypoint,
        work_pool_name=pool,
        pull_steps=[],
        parameter_openapi_schema=wanted.parameter_schema,
        enforce_parameter_schema=True,
        schedules=plans,
        paused=False,
        concurrency_limit=1 if wanted.every is not None else None,
        concurrency_options=(
            ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
            if wanted.every is not None
            else None
        ),
    )
