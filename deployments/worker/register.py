"""Tells the Prefect server which work pool and deployments this house has; the same table as prefect.yaml."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from deployments.worker.execution import flow_at

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.responses import DeploymentResponse
    from prefect.workers.base import BaseWorker

POOL = "hqe"
PROCESS_POOL = "hqe-process"
SERVED = "served"
"""In place of a pool: a stock ``serve`` has these deployments made and executes their runs itself."""
SERVED_WITHIN = 120.0
TICK_EVERY = timedelta(seconds=300)
# These never sleep: each bell is a run of its own, answered when it is done.
RUN_PER_BELL = frozenset({"tick"})


@dataclass(frozen=True, slots=True)
class Registered:
    """One deployment: `<kind>/<kind>`, started by the entrypoint of a module, never of a path.

    Its description is the flow's. Every run of it bears `title` as a tag.
    """

    kind: str
    title: str
    entrypoint: str
    every: timedelta | None = None
    """A schedule; two runs of a scheduled deployment never overlap, the second is cancelled."""

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.kind}"

    @property
    def description(self) -> str | None:
        description: str | None = flow_at(self.entrypoint).description
        return description

    @property
    def parameter_schema(self) -> dict[str, Any]:
        subject: dict[str, Any] = {
            "title": "subject",
            "type": "string",
            "position": 0,
            "description": SUBJECT,
        }
        if self.every is None:
            return {"type": "object", "properties": {"subject": subject}, "required": ["subject"]}
        return {"type": "object", "properties": {"subject": {**subject, "default": ""}}, "required": []}


SUBJECT = "办理对象，由程序填写：活动编号，或“活动编号/乡镇、社区(村)代码”。请勿手工填写。"

REGISTERED = (
    Registered("campaign", "建设活动", "flows.campaign:campaign"),
    Registered("survey", "调查摸底", "flows.survey:survey"),
    Registered("submission", "汇总上报", "flows.submission:submission"),
    Registered("verification", "核查认定", "flows.verification:verification"),
    Registered("recommendation", "择优推荐", "flows.recommendation:recommendation"),
    Registered("award", "奖补", "flows.award:award"),
    Registered("tick", "定时检查", "flows.tick:tick", every=TICK_EVERY),
)
ENTRYPOINTS = {deployment.kind: deployment.entrypoint for deployment in REGISTERED}


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
        client.read_work_pool(name)
    except ObjectNotFound:
        worker = _worker_of(name)
        template = worker.get_default_base_job_template()
        with suppress(ObjectAlreadyExists):  # another process of ours was quicker
            client.create_work_pool(WorkPoolCreate(name=name, type=worker.type, base_job_template=template))


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
    planned = [getattr(plan.schedule, "interval", None) for plan in known.schedules]
    return planned == ([wanted.every] if wanted.every is not None and scheduled else [])


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
        concurrency_limit=1 if wanted.every is not None else None,
        concurrency_options=(
            ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
            if wanted.every is not None
            else None
        ),
    )
