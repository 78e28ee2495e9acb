"""What the tick does: the calendar's demands, then repairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import TERMINAL_STATES, StateType

from actions.people import proposals
from actions.review.planning import plan
from actions.review.publicity import step
from actions.runs import repair, tick
from actions.upkeep import audit_head, retention
from actions.upkeep.audit_export import export
from records import clock
from tasks.act import act
from tasks.context import audit_export, now, offices, store

AT_ONCE = 200
ALIVE = [kind for kind in StateType if kind not in TERMINAL_STATES]


@act
def follow_calendar() -> int:
    """Lapse, remind and ring for every open campaign, erase what outlived a closed one, end what waited too long
    for a second person, write to the offices that keep the audit log's head; how much happened."""
    happened = 0
    for campaign_id in tick.open_campaigns(store()):
        happened += tick.follow_calendar(store(), campaign_id=campaign_id, now=now())
        happened += plan.keep_visits(store(), campaign_id=campaign_id, now=now(), at_rest=True)
        happened += step.ring_over(store(), campaign_id=campaign_id, now=now())
    happened += proposals.let_run_out(store(), now=now())
    happened += audit_head.post_head(store(), offices=offices(), now=now())
    with suppress(OSError):
        # Where it does not go the doctor says so; the calendar does not wait for it.
        export(store(), to=audit_export())
    return happened + len(retention.erase_outlived(store(), by="system", now=now()))


def repair_carriers() -> None:
    """Ring every subject whose run is gone or dead though its business goes on; mostly there is none."""
    ids = list(repair.live_runs(store()))
    if count_alive(ids) < len(ids):
        ring_dead_carriers()
    tick.note_end(store(), host_now=clock.host_now())


@act
def ring_dead_carriers() -> int:
    """How many were rung."""
    carried = repair.live_runs(store())
    with get_client(sync_client=True) as client:
        for asked in filters_for(list(carried)):
            for run in client.read_flow_runs(flow_run_filter=asked, limit=AT_ONCE):
                carried.pop(run.id, None)
    return repair.ring_dead(store(), list(carried.values()), now=now())


def count_alive(ids: Sequence[UUID]) -> int:
    """How many of these runs Prefect knows and has not ended: counted there, since reading each costs far more."""
    with get_client(sync_client=True) as client:
        return sum(client.count_flow_runs(flow_run_filter=asked) for asked in filters_for(ids))


def filters_for(ids: Sequence[UUID]) -> Iterator[FlowRunFilter]:
    """Those of the runs that have not ended, some at a time."""
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=ALIVE))
    for start in range(0, len(ids), AT_ONCE):
        yield FlowRunFilter(id=FlowRunFilterId(any_=list(ids[start : start + AT_ONCE])), state=state)
