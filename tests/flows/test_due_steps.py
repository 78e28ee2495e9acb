"""Which Prefect tasks a wake runs: only the step that is due, none when somebody else has to act."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from records import clock
from records.store import Store
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.flows.desk import Desk
from tests.prefect_server import eventually

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

SUBJECT = f"{CAMPAIGN_ID}/331181100200"

# SQLite only: what the business database is makes no difference to Prefect's tasks.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(at_work: Store, at_desk: GateRow, campaign: Campaign, prefect_client: SyncPrefectClient) -> Desk:
    """The first village's run, asleep at its desk review on 17 November."""
    clock.simulate(at_work, local(campaign, 11, 17))
    desk = Desk(at_work, prefect_client, kind="verification", subject=SUBJECT)
    assert desk.ring() == "asleep"
    return desk


def tasks_of(desk: Desk, run_id: UUID | None = None) -> list[str]:
    """The tasks that the subject's run, or another, has run so far; Prefect notes them a moment later."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    mine = FlowRunFilter(id=FlowRunFilterId(any_=[run_id or desk.run_id]))
    found = desk.client.read_task_runs(flow_run_filter=mine)
    return [one.name.rpartition("-")[0] for one in sorted(found, key=lambda one: str(one.start_time))]


def test_wakes_between_two_steps_run_no_task(desk: Desk) -> None:
    desk.ring()
    desk.resume(code=desk.code_for("reviewer-2"), answer="通过")
    desk.ring()
    desk.ring()

    eventually(lambda: tasks_of(desk) == ["site_visit"])


def test_step_that_a_return_makes_due_opens_its_correction_once(desk: Desk) -> None:
    desk.resume(code=desk.code_for("reviewer-2"), answer="退回补正", reason="材料不齐全")
    desk.ring()

    eventually(lambda: tasks_of(desk) == ["desk_review"])
    assert desk.state()[1].startswith("八都镇第一村补正材料：")


def test_tick_repairs_only_when_a_run_is_gone(desk: Desk) -> None:
    desk.tick()
    first = newest_tick(desk)
    desk.client.delete_flow_run(desk.run_id)
    desk.tick()
    second = newest_tick(desk)

    eventually(lambda: tasks_of(desk, second) == ["follow_calendar", "ring_dead_carriers"])
    assert tasks_of(desk, first) == ["follow_calendar"]


def newest_tick(desk: Desk) -> UUID:
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import FlowRunSort

    ticks = FlowFilter(name=FlowFilterName(any_=["tick"]))
    found = desk.client.read_flow_runs(flow_filter=ticks, sort=FlowRunSort.START_TIME_DESC, limit=1)
    return found[0].id
