"""Tells the Prefect server which work pool and deployments this house has; the same table as prefect.yaml."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.responses import DeploymentResponse

POOL = "hqe"
TICK_EVERY = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class Registered:
    """One deployment: `<kind>/<kind>`, started by the entrypoint of a module, never of a path."""

    kind: str
    description: str
    entrypoint: str
    every: timedelta | None = None
    """A schedule; two runs of a scheduled deployment never overlap, the second is cancelled."""

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.kind}"

    @property
    def parameter_schema(self) -> dict[str, Any]:
        subject: dict[str, Any] = {"title": "subject", "type": "string", "position": 0}
        if self.every is None:
            return {"type": "object", "properties": {"subject": subject}, "required": ["subject"]}
        return {"type": "object", "properties": {"subject": {**subject, "default": ""}}, "required": []}


REGISTERED = (
    Registered("campaign", "One campaign: opens and closes its stages.", "flows.campaign:campaign"),
    Registered("survey", "One town confirms which villages take part.", "flows.survey:survey"),
    Registered("submission", "One town hands in its dossiers.", "flows.submission:submission"),
    Registered(
        "verification", "One village is reviewed and recognised or not.", "flows.verification:verification"
    ),
    Registered("recommendation", "The bureau ranks and recommends.", "flows.recommendation:recommendation"),
    Registered("award", "Both bureaus decide on the award; the ledger follows.", "flows.award:award"),
    Registered("tick", "Rungs, escalations, closings, repairs.", "flows.tick:tick", every=TICK_EVERY),
)
ENTRYPOINTS = {deployment.kind: deployment.entrypoint for deployment in REGISTERED}


def register(
    client: SyncPrefectClient, *, deployments: tuple[Registered, ...] = REGISTERED, scheduled: bool = True
) -> None:
    """Make the server know what it does not know yet; runs that exist are never touched.

    `scheduled=False` registers without schedules: whoever plays simulated time starts the tick himself.
    """
    _make_pool(client)
    known = {deployment.name: deployment for deployment in client.read_deployments()}
    for wanted in deployments:
        if not _agrees(known.get(wanted.kind), wanted, scheduled=scheduled):
            _apply(client, wanted, scheduled=scheduled)


def _make_pool(client: SyncPrefectClient) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

    from deployments.worker import HqeWorker

    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        template = HqeWorker.get_default_base_job_template()
        with suppress(ObjectAlreadyExists):  # another process of ours was quicker
            client.create_work_pool(
                WorkPoolCreate(name=POOL, type=HqeWorker.type, base_job_template=template)
            )


def _agrees(known: DeploymentResponse | None, wanted: Registered, *, scheduled: bool) -> bool:
    # An upsert deletes and re-plans the runs of a schedule, so it is not done when nothing changed.
    if known is None or known.entrypoint != wanted.entrypoint or known.work_pool_name != POOL:
        return False
    planned = [getattr(plan.schedule, "interval", None) for plan in known.schedules]
    return planned == ([wanted.every] if wanted.every is not None and scheduled else [])


def _apply(client: SyncPrefectClient, wanted: Registered, *, scheduled: bool) -> None:
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
        entrypoint=wanted.entrypoint,
        work_pool_name=POOL,
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
