"""The same deployments on Prefect's own process worker and `serve`: our ringer only rings, subjects sleep and wake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from actions.campaign import lifecycle
from actions.campaign import survey as survey_acts
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign, restrict
from config.places import ROOT
from deployments.local.processes import Stack
from deployments.prefect_server import server
from deployments.worker.registry import PROCESS_POOL
from records import clock
from records.runs import bells
from records.runs.carriers import find
from records.schema import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store
from rules.campaign.campaign import Campaign
from tests.prefect_server import eventually

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

pytestmark = pytest.mark.programs

FOLDER = campaign_folder("longquan-2020")


@pytest.fixture
def campaign() -> Campaign:
    return restrict(read_campaign(FOLDER), 1)


@pytest.fixture
def opened(tmp_path: Path, campaign: Campaign) -> Iterator[Store]:
    """A campaign of one village, just opened."""
    make_key(tmp_path / "secret.key")
    vault = open_vault(tmp_path / "secret.key")
    store = Store(f"sqlite:///{tmp_path / 'hqe.db'}", vault=vault, home=tmp_path)
    migrate.migrate(store.engine)
    now = campaign.start_of(campaign.stage("survey").opens)
    clock.simulate(store, now)
    calendar = read_calendar(FOLDER, (2020, 2021))
    lifecycle.open_campaign(store, campaign=campaign, calendar=calendar, by="coordinator-1", now=now)
    yield store
    store.close()


@pytest.fixture(params=["processes", "served"])
def stack(opened: Store, request: pytest.FixtureRequest) -> Iterator[Stack]:
    environment = {"HQE_DATABASE_URL": f"sqlite:///{opened.home / 'hqe.db'}", "PYTHONPATH": str(ROOT)}
    stack = Stack(opened.home, environment=environment, scheduled=False, **{request.param: True})
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def stands(store: Store, kind: str, subject: str) -> tuple[str, int]:
    """A carrier's state and how often its run woke; nothing while bells are unanswered."""
    with store.reading() as session:
        carrier = find(session, kind, subject)
        if carrier is None or bells.count_unanswered(session):
            return "", 0
        return carrier.state, carrier.wakes


def run_of(store: Store, stack: Stack, kind: str, subject: str) -> FlowRun:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient

    with store.reading() as session:
        carrier = find(session, kind, subject)
    assert carrier is not None
    api = f"{stack.prefect_url}/api"
    with SyncPrefectClient(api, auth_string=server.password(store.home)) as client:
        return client.read_flow_run(UUID(carrier.flow_run_id))


def test_subject_sleeps_and_wakes_in_processes_of_prefect(
    opened: Store, stack: Stack, campaign: Campaign
) -> None:
    [town] = campaign.towns
    survey = ("survey", f"{campaign.id}/{town.code}")
    eventually(lambda: stands(opened, *survey) == ("asleep", 1))
    asleep = run_of(opened, stack, *survey)
    eventually(lambda: run_of(opened, stack, *survey).state_name == "Suspended")

    survey_acts.confirm_survey(
        opened,
        campaign_id=campaign.id,
        town_code=town.code,
        villages=[village.code for village in campaign.villages],
        by=f"clerk-{town.code}",
        now=clock.now(opened),
    )
    eventually(lambda: stands(opened, *survey) == ("done", 2))
    eventually(lambda: run_of(opened, stack, *survey).state_name == "Completed")

    woken = run_of(opened, stack, *survey)
    assert woken.id == asleep.id
    assert woken.work_pool_name == (PROCESS_POOL if "processes" in stack.pids() else None)
