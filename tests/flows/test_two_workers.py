"""Two workers on one database: every bell is heard, nothing runs twice."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from actions.campaign import lifecycle, survey
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign, restrict
from deployments.worker import stored_calls
from deployments.worker.carrier_runs import Orders
from deployments.worker.execution import allow
from deployments.worker.register import register
from deployments.worker.registry import ENTRYPOINTS
from deployments.worker.ringer import Ringer
from records import clock
from records.runs import bells, carriers
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from tests.conftest import rows_of
from tests.prefect_server import Running, eventually

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

FOLDER = campaign_folder("longquan-2020")


@lru_cache(maxsize=1)
def twelve_villages() -> Campaign:
    return restrict(read_campaign(FOLDER), 12)


@pytest.fixture
def opened(at_work: Store) -> Store:
    """A campaign of twelve villages just opened."""
    campaign = twelve_villages()
    now = campaign.start_of(campaign.stage("survey").opens)
    clock.simulate(at_work, now)
    lifecycle.open_campaign(
        at_work, campaign=campaign, calendar=read_calendar(FOLDER, (2020, 2021)), by="coordinator-1", now=now
    )
    return at_work


def is_quiet(store: Store) -> bool:
    with store.reading() as session:
        return bells.count_unanswered(session) == 0 and carriers.count_awake(session) == 0


def wakes(store: Store) -> Counter[str]:
    return Counter({row.kind + " " + row.subject: row.wakes for row in rows_of(store, CarrierRow)})


@pytest.mark.usefixtures("prefect_server")
def test_two_workers_hear_every_bell_and_run_nothing_twice(
    opened: Store, prefect_client: SyncPrefectClient, prefect_server: Running
) -> None:
    campaign, now = twelve_villages(), clock.now(opened)
    register(prefect_client, scheduled=False)
    workers = [
        Ringer(
            stored_calls.StoredCalls(opened),
            Orders(owner=owner, home=opened.home, load=allow(ENTRYPOINTS), register=register),
        )
        for owner in ("one", "two")
    ]
    for worker in workers:
        worker.start()
    try:
        eventually(lambda: is_quiet(opened))
        asleep = wakes(opened)
        for town in campaign.towns:
            survey.confirm_survey(
                opened,
                campaign_id=campaign.id,
                town_code=town.code,
                villages=[village.code for village in campaign.villages if village.town_code == town.code],
                by=f"clerk-{town.code}",
                now=now,
            )
        eventually(lambda: is_quiet(opened))
    finally:
        for worker in workers:
            worker.stop()

    towns = [f"survey {campaign.id}/{town.code}" for town in campaign.towns]
    assert [asleep[town] for town in towns] == [1] * len(towns)
    assert [wakes(opened)[town] for town in towns] == [2] * len(towns)
    assert Counter(duty.state for duty in rows_of(opened, DutyRow)) == {"done": len(towns)}
