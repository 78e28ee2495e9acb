"""What the tick does: the calendar's demands, then repairs."""

from __future__ import annotations

from actions import reminding, repairs, retention, ticking
from records import clock
from tasks.place import now, store
from tasks.retrying import act

AT_ONCE = 200


@act
def follow_calendar() -> int:
    """Lapse, remind and ring for every open campaign, erase what outlived a closed one; how much happened."""
    happened = 0
    for campaign_id in reminding.open_campaigns(store()):
        moment = now()
        happened += reminding.lapse_locked(store(), campaign_id=campaign_id, now=moment)
        happened += reminding.fire_rungs(store(), campaign_id=campaign_id, now=moment)
        happened += reminding.ring_due_stages(store(), campaign_id=campaign_id, now=moment)
    return happened + len(retention.erase_outlived(store(), by="system", now=now()))


@act
def repair_carriers() -> int:
    """Ring every subject whose run is gone or dead though its business goes on; how many."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    carried = repairs.live_runs(store())
    ids = list(carried)
    with get_client(sync_client=True) as client:
        for start in range(0, len(ids), AT_ONCE):
            asked = FlowRunFilter(id=FlowRunFilterId(any_=ids[start : start + AT_ONCE]))
            for run in client.read_flow_runs(flow_run_filter=asked, limit=AT_ONCE):
                if run.state is not None and not run.state.is_final():
                    del carried[run.id]
    rung = repairs.ring_dead(store(), list(carried.values()), now=now())
    ticking.note_end(store(), host_now=clock.host_now())
    return rung
