"""What the tick does: the calendar's demands, then repairs."""

from __future__ import annotations

from actions import reminding, repairs
from tasks.place import now, store
from tasks.retrying import act


@act
def follow_calendar() -> int:
    """Lapse, remind and ring for every open campaign; how many things happened."""
    happened = 0
    for campaign_id in reminding.open_campaigns(store()):
        moment = now()
        happened += reminding.lapse_locked(store(), campaign_id=campaign_id, now=moment)
        happened += reminding.fire_rungs(store(), campaign_id=campaign_id, now=moment)
        happened += reminding.ring_due_stages(store(), campaign_id=campaign_id, now=moment)
    return happened


@act
def repair_carriers() -> int:
    """Ring every subject whose run is gone or dead though its business goes on; how many."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    carried = repairs.live_runs(store())
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=list(carried))))
    alive = {run.id for run in found if run.state is not None and not run.state.is_final()}
    dead = [carried[run_id] for run_id in carried if run_id not in alive]
    return repairs.ring_dead(store(), dead, now=now())
