"""The buttons of the Prefect UI on a sleeping run: they never change the business, and the tick repairs the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from records import clock
from records.store import Store
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.flows.desk import Desk

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

SUBJECT = f"{CAMPAIGN_ID}/331181100200"


# SQLite only: Prefect's buttons touch Prefect's rows.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(at_work: Store, at_desk: GateRow, campaign: Campaign, prefect_client: SyncPrefectClient) -> Desk:
    """A village's run asleep at its desk review, and nothing left that the calendar demands."""
    clock.simulate(at_work, local(campaign, 11, 17))
    desk = Desk(at_work, prefect_client, kind="verification", subject=SUBJECT)
    desk.ring()
    desk.tick()
    return desk


def cancel(desk: Desk) -> None:
    desk.press(name="Cancelling", type_="CANCELLING", force=True)


def delete(desk: Desk) -> None:
    desk.client.delete_flow_run(desk.run_id)


def retry(desk: Desk) -> None:
    desk.press(name="AwaitingRetry", type_="SCHEDULED", force=False, message="Retry from the UI")


@pytest.mark.parametrize("button", [cancel, delete])
def test_lost_run_is_repaired_by_the_tick_and_the_business_is_unchanged(desk: Desk, button: object) -> None:
    before, said, form = desk.business(), desk.state(), desk.form()
    assert callable(button)

    button(desk)
    desk.tick()

    assert (desk.state(), desk.form()) == (said, form)
    assert desk.business() == before


def test_cancelled_run_that_is_retried_goes_on_sleeping_and_the_tick_leaves_it(desk: Desk) -> None:
    before, same, said = desk.business(), desk.run_id, desk.state()

    cancel(desk)
    retry(desk)
    desk.poll()
    desk.tick()

    assert (desk.run_id, desk.state()) == (same, said)
    assert desk.business() == before


def test_sleeping_run_that_is_scheduled_anew_goes_on_sleeping(desk: Desk) -> None:
    before, same, said = desk.business(), desk.run_id, desk.state()

    retry(desk)
    desk.poll()

    assert (desk.run_id, desk.state()) == (same, said)
    assert desk.business() == before


def test_replaced_run_that_is_retried_is_cancelled_and_says_who_carries_on(desk: Desk) -> None:
    before, lost = desk.business(), desk.run_id
    desk.calls.replace(desk.kind, desk.subject, cause="as the test wants")
    retry_of_lost = {"state": {"name": "AwaitingRetry", "type": "SCHEDULED"}, "force": False}
    desk.ring()
    said = desk.state()

    desk.client._client.post(f"/flow_runs/{lost}/set_state", json=retry_of_lost).raise_for_status()
    desk.poll()

    assert desk.state(lost)[0] == "Cancelled"
    assert str(desk.run_id) in desk.state(lost)[1]
    assert (desk.state(), desk.business()) == (said, before)


def test_run_started_by_hand_is_cancelled_and_says_why(desk: Desk) -> None:
    before, said, wakes = desk.business(), desk.state(), desk.carrier.wakes
    deployment = desk.client.read_deployment_by_name("verification/verification")
    unasked = desk.client.create_flow_run_from_deployment(deployment.id, parameters={"subject": SUBJECT})

    desk.poll()

    assert desk.state(unasked.id) == ("Cancelled", "运行由程序自动发起，手工启动的不执行。")
    assert (desk.state(), desk.business(), desk.carrier.wakes) == (said, before, wakes)
