"""What a wake-up costs: ours, an empty flow's, and that of Prefect's stock ``serve``, measured in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from actions.campaign import lifecycle, stages
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign, restrict
from deployments.prefect_server import server
from deployments.worker import stored_calls
from deployments.worker.carrier_runs import Bellhop, Orders
from deployments.worker.execution import allow, one_client, quiet_engine
from deployments.worker.register import register
from deployments.worker.registry import ENTRYPOINTS
from records import clock
from records.runs import bells
from records.schema import migrate
from records.sealing.vault import make_key, open_vault
from records.store import Store

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

CAMPAIGN = "longquan-2020"
STOCK_RUNS = 8
ROUNDS = 3
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall time and of CPU (all processes together, the server included) per wake-up."""

    name: str
    count: int
    wall: float
    cpu: float


def measure(*, count: int, stock: bool, say: Callable[[str], object]) -> list[Cost]:
    """The empty flow, ours, and (unless left out) stock ``serve``, against one server in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="hqe-bench-") as folder:
        home = Path(folder)
        with _server(home) as process, quiet_engine(), one_client() as client:
            say(f"{ROUNDS} rounds of {count} runs of an empty flow and {count} wake-ups of a town's survey …")
            costs = _in_turn({"empty flow": _empty(), "ours": _ours(home, client)}, count, process)
            if stock:
                say(f"{STOCK_RUNS} wake-ups by Prefect's stock serve (a new process each) …")
                costs.append(_stock(client, process))
    return costs


def empty_cost(home: Path, *, count: int) -> Cost:
    """``count`` runs of an empty flow by `run_flow` in this process, against a server of its own in ``home``."""
    with _server(home) as process, quiet_engine(), one_client():
        work = _empty()
        with _measuring("empty flow", count, process, psutil.Process()) as costs:
            for _ in range(count):
                work()
    return costs[0]


@contextmanager
def _server(home: Path) -> Iterator[psutil.Process]:
    port = server.free_port()
    command = [
        sys.executable,
        "-P",
        "-m",
        "deployments.prefect_server.server",
        "--home",
        str(home),
        "--port",
        str(port),
    ]
    child = subprocess.Popen(command, env=server.without_prefect(os.environ))
    try:
        server.wait_until_healthy(server.api_url(port))
        os.environ.update(server.client_environment(home, port=port, password=server.password(home)))
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        child.wait()


def _cpu(*processes: psutil.Process) -> float:
    """CPU seconds of processes and of their children that have ended."""
    return sum(sum(process.cpu_times()[:4]) for process in processes)


@contextmanager
def _measuring(name: str, count: int, *processes: psutil.Process) -> Iterator[list[Cost]]:
    measured: list[Cost] = []
    wall, cpu = time.perf_counter(), _cpu(*processes)
    yield measured
    measured.append(Cost(name, count, (time.perf_counter() - wall) / count, (_cpu(*processes) - cpu) / count))


def _in_turn(works: Mapping[str, Callable[[], object]], count: int, process: psutil.Process) -> list[Cost]:
    """Each work ``count`` times in each round, in turn, so that a noisy machine disturbs them alike."""
    measured: dict[str, list[Cost]] = {name: [] for name in works}
    for work in works.values():
        for _ in range(WARM_UP):
            work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            with _measuring(name, count, process, psutil.Process()) as costs:
                for _ in range(count):
                    work()
            measured[name] += costs
    return [
        Cost(
            name,
            count * ROUNDS,
            sum(cost.wall for cost in costs) / ROUNDS,
            sum(cost.cpu for cost in costs) / ROUNDS,
        )
        for name, costs in measured.items()
    ]


def _empty() -> Callable[[], object]:
    from prefect import flow
    from prefect.flow_engine import run_flow

    @flow(name="empty")
    def empty() -> None:
        """Nothing at all."""

    return lambda: run_flow(empty)


def _ours(home: Path, client: SyncPrefectClient) -> Callable[[], object]:
    """Ring a town's survey and answer the bell, as the ringer does: resume, claim, re-read, sleep again."""
    store, subject = _open(home)
    calls, *_ = stored_calls.build()
    bellhop = Bellhop(calls, client, _orders(home))
    register(client, scheduled=False)

    def wake() -> None:
        with store.writing() as session:
            bells.ring(session, kind="survey", subject=subject, cause="bench", at=clock.read(session))
        call = next(
            call for call in calls.waiting(limit=10) if call.kind == "survey" and call.subject == subject
        )
        answer = bellhop.attend(call)
        if answer != "asleep":
            raise RuntimeError(f"the survey did not fall asleep again: {answer}")

    return wake


def _orders(home: Path) -> Orders:
    return Orders(owner="bench", home=home, load=allow(ENTRYPOINTS), register=register)


def _open(home: Path) -> tuple[Store, str]:
    os.environ.update({"HQE_HOME": str(home), "HQE_DATABASE_URL": f"sqlite:///{home / 'hqe.db'}"})
    make_key(home / "secret.key")
    store = Store(os.environ["HQE_DATABASE_URL"], vault=open_vault(home / "secret.key"), home=home)
    migrate.migrate(store.engine)
    folder = campaign_folder(CAMPAIGN)
    campaign = restrict(read_campaign(folder), 3)
    opening = campaign.start_of(campaign.stage("survey").opens)
    clock.simulate(store, opening)
    calendar = read_calendar(folder, (campaign.year, campaign.year + 1))
    lifecycle.open_campaign(store, campaign=campaign, calendar=calendar, by="coordinator-1", now=opening)
    stages.open_due_stage(store, campaign_id=campaign.id, now=opening)
    return store, f"{campaign.id}/{campaign.towns[0].code}"


def _stock(client: SyncPrefectClient, process: psutil.Process) -> Cost:
    """Runs that suspend once, woken by Resume and executed by ``flow.serve``."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "deployments.bench.stock_flow"], stdout=subprocess.DEVNULL
    )
    try:
        runs = _sleeping_runs(client)
        started = time.time()
        with _measuring("stock serve", STOCK_RUNS, process, psutil.Process(child.pid)) as measured:
            for run_id in runs:
                client.resume_flow_run(run_id)
            _wait_for(client, runs, "COMPLETED")
            # A child's CPU is counted when it has been reaped.
            _until(lambda: not _children_since(child.pid, started), timedelta(minutes=1))
    finally:
        child.terminate()
        child.wait()
    return measured[0]


def _children_since(process_id: int, moment: float) -> list[psutil.Process]:
    return [child for child in psutil.Process(process_id).children() if child.create_time() > moment]


def _sleeping_runs(client: SyncPrefectClient) -> list[uuid.UUID]:
    from prefect.exceptions import ObjectNotFound

    def deployed() -> bool:
        try:
            client.read_deployment_by_name("stock-sleeper/stock")
        except ObjectNotFound:
            return False
        return True

    _until(deployed, timedelta(minutes=2))
    deployment = client.read_deployment_by_name("stock-sleeper/stock")
    runs = [client.create_flow_run_from_deployment(deployment.id).id for _ in range(STOCK_RUNS)]
    _wait_for(client, runs, "PAUSED")
    return runs


def _wait_for(client: SyncPrefectClient, runs: list[uuid.UUID], state: str) -> None:
    def all_there() -> bool:
        states = [client.read_flow_run(run_id).state for run_id in runs]
        return all(one is not None and one.type.value == state for one in states)

    _until(all_there, timedelta(minutes=5))


def _until(condition: Callable[[], bool], within: timedelta) -> None:
    deadline = time.monotonic() + within.total_seconds()
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("Prefect's stock serve did not get there in time")
        time.sleep(0.2)
