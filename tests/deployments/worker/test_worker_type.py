"""The polling worker: what Prefect's scheduler or its UI starts is run here, once, under the subject's lease."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from deployments.worker import execution
from deployments.worker.leases import owner_name
from deployments.worker.register import register
from tests.deployments.fake_calls import FakeCalls
from tests.prefect_server import deployment_of, sweeping

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

    from deployments.worker.worker_type import HqeWorker

DEPLOYED = (deployment_of("napper", "tests.deployments.nappers"),)


@pytest.fixture
def subject() -> str:
    return uuid4().hex[:8]


@pytest.fixture
def calls(subject: str) -> FakeCalls:
    from tests.deployments.nappers import CALLS

    CALLS[subject] = FakeCalls()
    CALLS[subject].ring("napper", subject)
    return CALLS[subject]


def worker_for(calls: FakeCalls) -> HqeWorker:
    from deployments.worker.worker_type import HqeWorker

    load = execution.allow({deployment.kind: deployment.entrypoint for deployment in DEPLOYED})
    return HqeWorker(calls=calls, load=load, owner=owner_name("poll"))


def poll_once(calls: FakeCalls) -> None:
    with sweeping():
        asyncio.run(worker_for(calls).start(run_once=True, printer=lambda *_: None))


def make_run(client: SyncPrefectClient, calls: FakeCalls, subject: str, *, generation: int = 1) -> UUID:
    register(client, deployments=DEPLOYED)
    deployment = client.read_deployment_by_name("napper/napper")
    run = client.create_flow_run_from_deployment(
        deployment.id,
        parameters={"subject": subject},
        idempotency_key=calls.run_key("napper", subject, generation=generation),
    )
    return run.id


def runs_of(subject: str) -> int:
    from tests.deployments.nappers import RUNS

    return RUNS[subject]


def test_polled_run_sleeps_and_leaves_no_lease(
    prefect_client: SyncPrefectClient, calls: FakeCalls, subject: str
) -> None:
    run_id = make_run(prefect_client, calls, subject)

    poll_once(calls)

    state = prefect_client.read_flow_run(run_id).state_name
    assert (state, runs_of(subject), calls.owners()) == ("Suspended", 1, [])


def test_polled_run_of_a_leased_subject_is_left(
    prefect_client: SyncPrefectClient, calls: FakeCalls, subject: str
) -> None:
    run_id = make_run(prefect_client, calls, subject)
    calls.claim("napper", subject, owner="the ringer")

    poll_once(calls)

    state = prefect_client.read_flow_run(run_id).state_name
    prefect_client.delete_flow_run(run_id)
    assert (state, runs_of(subject), calls.owners()) == ("Scheduled", 0, ["the ringer"])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "anything",
        "other:{subject}:1",
        "napper:elsewhere:1",
        "napper:{subject}:1",
        "napper:{subject}:2",
        "napper:{subject}:99",
        "napper:{subject}:x",
        "napper:{subject}:1:0123456789abcdef",
    ],
)
def test_run_that_somebody_made_with_a_key_that_is_not_ours_is_not_executed(
    prefect_client: SyncPrefectClient, calls: FakeCalls, subject: str, key: str
) -> None:
    register(prefect_client, deployments=DEPLOYED)
    deployment = prefect_client.read_deployment_by_name("napper/napper")
    run = prefect_client.create_flow_run_from_deployment(
        deployment.id,
        parameters={"subject": subject},
        idempotency_key=f"{key.format(subject=subject)}" or None,
    )

    poll_once(calls)

    state = prefect_client.read_flow_run(run.id).state_name
    assert (state, runs_of(subject), calls.owners()) == ("Cancelled", 0, [])


def test_retry_of_a_replaced_run_is_cancelled(
    prefect_client: SyncPrefectClient, calls: FakeCalls, subject: str
) -> None:
    old = make_run(prefect_client, calls, subject)
    calls.assign("napper", subject, generation=1, flow_run_id=str(uuid4()))

    poll_once(calls)

    state = prefect_client.read_flow_run(old).state_name
    assert (state, runs_of(subject), calls.owners()) == ("Cancelled", 0, [])


def test_late_poll_of_a_sleeping_run_does_not_end_the_worker(
    prefect_client: SyncPrefectClient, calls: FakeCalls, subject: str
) -> None:
    run_id = make_run(prefect_client, calls, subject)
    poll_once(calls)
    seen_late = prefect_client.read_flow_run(run_id)

    async def propose() -> bool:
        async with worker_for(calls) as worker:
            return await worker._propose_pending_state(seen_late)

    with sweeping():
        proposed = asyncio.run(propose())

    assert (proposed, calls.owners()) == (False, [])


def test_only_known_kinds_are_loaded(tmp_path: Path) -> None:
    load = execution.allow({"napper": "tests.deployments.nappers:napper"})

    with pytest.raises(KeyError):
        load("os")
