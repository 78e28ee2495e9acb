"""The canaries share the session's Prefect server with the tests of the deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from deployments.worker import execution
from deployments.worker.register import register
from tests.prefect_server import deployment_of, prefect_client, prefect_server

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

__all__ = ["prefect_client", "prefect_server"]

MODULE = "tests.canaries.sleepers"
KINDS = ("sleeper", "asker", "speaker", "same-key", "counted", "parent", "ready")
NAMES = {kind: kind.replace("-", "_") for kind in KINDS}
DEPLOYED = tuple(deployment_of(kind, MODULE, name=NAMES[kind]) for kind in KINDS)
LOAD = execution.allow({deployment.kind: deployment.entrypoint for deployment in DEPLOYED})


class Bench:
    """Starts and wakes runs of the canaries' flows in this thread."""

    def __init__(self, client: SyncPrefectClient) -> None:
        self.client = client

    def create(self, kind: str, subject: str, *, key: str | None = None) -> UUID:
        deployment = self.client.read_deployment_by_name(f"{kind}/{kind}")
        run = self.client.create_flow_run_from_deployment(
            deployment.id, parameters={"subject": subject}, idempotency_key=key
        )
        return run.id

    def run(self, run_id: UUID, kind: str) -> str:
        flow_run = execution.claim_run(self.client, run_id)
        return "left" if flow_run is None else execution.execute(flow_run, kind=kind, load=LOAD)

    def start(self, kind: str, subject: str) -> UUID:
        run_id = self.create(kind, subject)
        self.run(run_id, kind)
        return run_id

    def resume(self, run_id: UUID, **answers: str) -> str:
        return self.client.resume_flow_run(run_id, run_input=answers or None).status.value

    def state(self, run_id: UUID) -> str:
        return str(self.client.read_flow_run(run_id).state_name)


@pytest.fixture
def bench(prefect_client: SyncPrefectClient) -> Bench:
    register(prefect_client, deployments=DEPLOYED)
    return Bench(prefect_client)


@pytest.fixture
def subject() -> str:
    return uuid4().hex[:8]
