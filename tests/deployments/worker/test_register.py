"""The deployments: one table, told to the server once, the same as prefect.yaml."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from prefect.client.schemas.actions import WorkPoolUpdate

from config.places import ROOT
from deployments.worker.execution import allow
from deployments.worker.keeper import Keeper
from deployments.worker.register import register
from deployments.worker.registry import ENTRYPOINTS, POOL, REGISTERED, Registered
from tests.prefect_server import eventually

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

YAML = ROOT / "deployments" / "prefect.yaml"


def in_yaml(entry: dict[str, Any]) -> tuple[str, list[str], str, timedelta | None]:
    [plan] = entry.get("schedules", [None])
    every = timedelta(seconds=plan["interval"]) if plan else None
    return entry["name"], entry["tags"], entry["entrypoint"], every


def test_prefect_yaml_says_the_same_as_the_table() -> None:
    written = yaml.safe_load(YAML.read_text())

    assert [in_yaml(entry) for entry in written["deployments"]] == [
        (wanted.kind, [wanted.title], wanted.entrypoint, wanted.every) for wanted in REGISTERED
    ]
    assert {entry["work_pool"]["name"] for entry in written["deployments"]} == {POOL}
    assert written["pull"] == []


@pytest.mark.parametrize("wanted", REGISTERED, ids=lambda wanted: str(wanted.kind))
def test_parameters_of_the_flow_are_the_ones_registered(wanted: Registered) -> None:
    from importlib import import_module

    module, _, name = wanted.entrypoint.partition(":")
    flow = getattr(import_module(module), name)

    registered = wanted.parameter_schema
    assert flow.name == wanted.kind
    assert set(flow.parameters.properties) == set(registered["properties"]) == {"subject"}
    assert (flow.parameters.required or []) == registered["required"]


@pytest.mark.parametrize("wanted", REGISTERED, ids=lambda wanted: str(wanted.kind))
def test_description_of_a_deployment_is_chinese_first(
    prefect_client: SyncPrefectClient, wanted: Registered
) -> None:
    register(prefect_client)

    shown = prefect_client.read_deployment_by_name(wanted.name)

    assert shown.description == wanted.description
    assert "\u4e00" <= (shown.description or "")[0] <= "\u9fff"
    assert shown.tags == [wanted.title]


def test_schedule_makes_runs(prefect_client: SyncPrefectClient) -> None:
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName

    every = timedelta(minutes=5)
    ticker = Registered("ticker", "测试", "tests.deployments.nappers:tick", every=every)
    register(prefect_client, deployments=(ticker,))
    wanted = DeploymentFilter(name=DeploymentFilterName(any_=["ticker"]))

    eventually(lambda: prefect_client.read_flow_runs(deployment_filter=wanted))
    runs = prefect_client.read_flow_runs(deployment_filter=wanted, limit=2)

    prefect_client.delete_deployment(prefect_client.read_deployment_by_name("ticker/ticker").id)
    assert {run.state_name for run in runs} == {"Scheduled"}
    assert all(run.auto_scheduled for run in runs)


def test_registering_again_changes_nothing_and_is_quick(prefect_client: SyncPrefectClient) -> None:
    register(prefect_client)
    deployment = prefect_client.read_deployment_by_name("tick/tick")
    before = prefect_client.read_deployments()
    began = time.process_time()

    register(prefect_client)

    assert time.process_time() - began < 2
    assert prefect_client.read_deployments() == before
    assert (deployment.entrypoint, deployment.work_pool_name) == ("flows.tick:tick", POOL)
    assert [getattr(plan.schedule, "interval", None) for plan in deployment.schedules] == [
        timedelta(seconds=300)
    ]


@pytest.fixture
def registered(prefect_client: SyncPrefectClient) -> SyncPrefectClient:
    register(prefect_client)
    return prefect_client


def pause_schedules(client: SyncPrefectClient) -> None:
    from prefect.client.schemas.actions import DeploymentScheduleUpdate

    tick = client.read_deployment_by_name("tick/tick")
    client._client.patch(
        f"/deployments/{tick.id}/schedules/{tick.schedules[0].id}",
        json=DeploymentScheduleUpdate(active=False).model_dump(mode="json", exclude_unset=True),
    ).raise_for_status()


def pause_deployment(client: SyncPrefectClient) -> None:
    tick = client.read_deployment_by_name("tick/tick")
    client._client.post(f"/deployments/{tick.id}/pause_deployment").raise_for_status()


def delete_deployment(client: SyncPrefectClient) -> None:
    client.delete_deployment(client.read_deployment_by_name("tick/tick").id)


def pause_pool(client: SyncPrefectClient) -> None:
    client.update_work_pool(POOL, WorkPoolUpdate(is_paused=True))


def limit_pool(client: SyncPrefectClient) -> None:
    client.update_work_pool(POOL, WorkPoolUpdate(concurrency_limit=0))


def pause_queue(client: SyncPrefectClient) -> None:
    for queue in client.read_work_queues(work_pool_name=POOL):
        client.update_work_queue(queue.id, is_paused=True)


@pytest.mark.parametrize(
    "spoil",
    [pause_schedules, pause_deployment, delete_deployment, pause_pool, limit_pool, pause_queue],
)
def test_keeper_mends_what_somebody_with_prefects_password_changed(
    registered: SyncPrefectClient, spoil: Callable[[SyncPrefectClient], None]
) -> None:
    spoil(registered)

    Keeper(register).look(registered)

    tick, pool = registered.read_deployment_by_name("tick/tick"), registered.read_work_pool(POOL)
    queues = registered.read_work_queues(work_pool_name=POOL)
    assert (tick.paused, [plan.active for plan in tick.schedules]) == (False, [True])
    assert (pool.is_paused, pool.concurrency_limit) == (False, None)
    assert [(queue.is_paused, queue.concurrency_limit) for queue in queues] == [(False, None)]


def test_registering_without_schedules_takes_the_schedule_away(prefect_client: SyncPrefectClient) -> None:
    register(prefect_client)

    register(prefect_client, scheduled=False)

    assert prefect_client.read_deployment_by_name("tick/tick").schedules == []


@pytest.mark.parametrize("kind", list(ENTRYPOINTS))
def test_flow_as_the_worker_loads_it_persists_no_result(kind: str) -> None:
    assert allow(ENTRYPOINTS)(kind).persist_result is False
