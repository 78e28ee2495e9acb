"""Closes runs whose process died where Prefect lets no second run begin beside them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

log = logging.getLogger("hqe.ringer")


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
