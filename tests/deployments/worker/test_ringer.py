"""The ringer against a real Prefect server: what runs, how often, and what becomes of lost runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import httpx
import pytest

from deployments.prefect_server import server
from deployments.worker import carrier_runs as bellhops
from deployments.worker import execution
from deployments.worker.carrier_runs import Bellhop, Orders
from deployments.worker.leases import is_dead, owner_name
from deployments.worker.register import NoSuchPool, register
from deployments.worker.registry import POOL, PROCESS_POOL
from deployments.worker.ringer import Ringer
from deployments.worker.stored_calls import CarrierView
from tests.deployments.fake_calls import FakeCalls
from tests.prefect_server import NEVER_SO_LONG, Running, deployment_of, eventually

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import State

MODULE = "tests.deployments.nappers"
DEPLOYED = (deployment_of("napper", MODULE), deployment_of("tick", MODULE))


def make_known(client: SyncPrefectClient) -> None:
    register(client, deployments=DEPLOYED)


def orders(home: Path, *, owner: str = "", pool: str = POOL) -> Orders:
    load = execution.allow({deployment.kind: deployment.entrypoint for deployment in DEPLOYED})
    return Orders(
        owner=owner or owner_name(uuid4().hex), home=home, load=load, register=make_known, pool=pool
    )


@pytest.fixture
def subject() -> str:
    return uuid4().hex[:8]


@pytest.fixture
def calls(subject: str) -> FakeCalls:
    from tests.deployments.nappers import CALLS

    CALLS[subject] = FakeCalls()
    return CALLS[subject]


@pytest.fixture
def bellhop(calls: FakeCalls, prefect_client: SyncPrefectClient, tmp_path: Path) -> Bellhop:
    return Bellhop(calls, prefect_client, orders(tmp_path))


def runs_of(subject: str) -> int:
    from tests.deployments.nappers import RUNS

    return RUNS[subject]


def ring_and_attend(calls: FakeCalls, bellhop: Bellhop, subject: str, *, kind: str = "napper") -> str:
    calls.ring(kind, subject)
    return attend(calls, bellhop)


def attend(calls: FakeCalls, bellhop: Bellhop, *, again: bool = False) -> str:
    [call] = calls.waiting(limit=1)
    return bellhop.attend(call, again=again)


def run_id_of(calls: FakeCalls, subject: str) -> UUID:
    return UUID(calls.carriers["napper", subject].flow_run_id or "")


@contextmanager
def at_work(calls: FakeCalls, home: Path) -> Iterator[Ringer]:
    ringer = Ringer(calls, orders(home))
    ringer.start()
    try:
        yield ringer
    finally:
        ringer.stop()


def test_first_bell_starts_a_run_and_the_second_wakes_it(
    calls: FakeCalls, bellhop: Bellhop, subject: str
) -> None:
    first = ring_and_attend(calls, bellhop, subject)
    run_id = run_id_of(calls, subject)

    second = ring_and_attend(calls, bellhop, subject)

    assert (first, second, runs_of(subject), calls.unanswered()) == ("asleep", "asleep", 2, [])
    assert run_id_of(calls, subject) == run_id


def test_runs_that_somebody_made_beforehand_stand_in_nobodys_way(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient
) -> None:
    make_known(prefect_client)
    deployment = prefect_client.read_deployment_by_name("napper/napper")
    made = [
        prefect_client.create_flow_run_from_deployment(
            deployment.id,
            parameters={"subject": "elsewhere"},
            idempotency_key=f"napper:{subject}:{generation}",
        ).id
        for generation in (1, 2)
    ]

    first = ring_and_attend(calls, bellhop, subject)
    prefect_client.delete_flow_run(run_id_of(calls, subject))
    second = ring_and_attend(calls, bellhop, subject)

    assert (first, second, runs_of(subject)) == ("asleep", "asleep", 2)
    assert run_id_of(calls, subject) not in made
    assert {prefect_client.read_flow_run(one).state_name for one in made} == {"Scheduled"}


def test_run_is_named_and_tagged_for_the_coordinator(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient
) -> None:
    ring_and_attend(calls, bellhop, subject)

    run = prefect_client.read_flow_run(run_id_of(calls, subject))

    assert (run.name, run.parameters) == (f"napper · {subject}", {"subject": subject})
    assert sorted(run.tags) == ["test", "测试"]


def test_two_ringers_on_the_same_bells_run_nothing_twice(prefect_server: Running, tmp_path: Path) -> None:
    from tests.deployments.nappers import CALLS

    shared = FakeCalls()
    subjects = [uuid4().hex[:8] for _ in range(6)]
    for subject in subjects:
        CALLS[subject] = shared
        shared.ring("napper", subject)

    with at_work(shared, tmp_path), at_work(shared, tmp_path):
        eventually(lambda: not shared.unanswered())

    assert [runs_of(subject) for subject in subjects] == [1] * 6


def test_bell_rung_while_the_run_is_running_is_not_lost(
    calls: FakeCalls, subject: str, prefect_server: Running, tmp_path: Path
) -> None:
    from tests.deployments.nappers import HOLDS

    under_way, go_on = HOLDS[subject] = (threading.Event(), threading.Event())
    calls.ring("napper", subject)
    with at_work(calls, tmp_path):
        under_way.wait(NEVER_SO_LONG)
        calls.ring("napper", subject)
        go_on.set()
        eventually(lambda: not calls.unanswered())

    assert runs_of(subject) == 2


def test_stop_finishes_what_runs(
    calls: FakeCalls, subject: str, prefect_server: Running, tmp_path: Path
) -> None:
    from tests.deployments.nappers import HOLDS

    under_way, go_on = HOLDS[subject] = (threading.Event(), threading.Event())
    calls.ring("napper", subject)
    with at_work(calls, tmp_path):
        under_way.wait(NEVER_SO_LONG)
        threading.Timer(0.3, go_on.set).start()

    assert (runs_of(subject), calls.unanswered(), calls.owners()) == (1, [], [])


@pytest.mark.parametrize("left_in", ["Scheduled", "Pending", "Running"])
def test_run_of_a_dead_owner_is_run_again(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient, left_in: str
) -> None:
    from prefect.states import Running as RunningState

    ring_and_attend(calls, bellhop, subject)
    run_id = run_id_of(calls, subject)
    calls.ring("napper", subject)
    prefect_client.resume_flow_run(run_id)  # what the dead one had done
    if left_in in ("Pending", "Running"):
        execution.claim_run(prefect_client, run_id)
    if left_in == "Running":
        prefect_client.set_flow_run_state(run_id, RunningState())

    outcome = attend(calls, bellhop)

    assert (outcome, runs_of(subject), run_id_of(calls, subject)) == ("asleep", 2, run_id)


def test_bell_of_a_leased_subject_is_left(calls: FakeCalls, bellhop: Bellhop, subject: str) -> None:
    calls.ring("napper", subject)
    calls.claim("napper", subject, owner="somebody else")

    assert (attend(calls, bellhop), runs_of(subject)) == ("left", 0)


def test_call_that_was_answered_meanwhile_wakes_nobody(
    calls: FakeCalls, bellhop: Bellhop, subject: str
) -> None:
    calls.ring("napper", subject)
    [call] = calls.waiting(limit=1)

    answers = [bellhop.attend(call), bellhop.attend(call)]

    assert (answers, runs_of(subject)) == (["asleep", "answered"], 1)


def test_deleted_run_is_replaced(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient
) -> None:
    ring_and_attend(calls, bellhop, subject)
    prefect_client.delete_flow_run(run_id_of(calls, subject))

    outcome = ring_and_attend(calls, bellhop, subject)

    carrier = calls.carriers["napper", subject]
    assert (outcome, runs_of(subject), carrier.generation, carrier.cause) == ("asleep", 2, 2, "deleted")


def test_cancelled_run_is_woken_all_the_same(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient
) -> None:
    from prefect.states import Cancelled

    ring_and_attend(calls, bellhop, subject)
    prefect_client.set_flow_run_state(run_id_of(calls, subject), Cancelled())

    outcome = ring_and_attend(calls, bellhop, subject)

    carrier = calls.carriers["napper", subject]
    state = prefect_client.read_flow_run(run_id_of(calls, subject)).state
    assert state is not None
    assert (outcome, carrier.generation, runs_of(subject), state.name) == ("asleep", 1, 2, "Suspended")


def test_tick_whose_process_died_does_not_keep_the_next_one_away(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient
) -> None:
    from prefect.exceptions import ObjectNotFound
    from prefect.states import Running as UnderWay
    from prefect.states import Scheduled

    with suppress(ObjectNotFound):
        prefect_client.delete_deployment(prefect_client.read_deployment_by_name("tick/tick").id)
    one_at_a_time = replace(deployment_of("tick", MODULE), every=timedelta(hours=1))
    register(prefect_client, deployments=(one_at_a_time,), scheduled=False)
    deployment = prefect_client.read_deployment_by_name("tick/tick")
    dead = prefect_client.create_flow_run_from_deployment(
        deployment.id, parameters={"subject": subject}, state=Scheduled()
    )
    execution.claim_run(prefect_client, dead.id)
    prefect_client.set_flow_run_state(dead.id, UnderWay())
    calls.ring("tick", subject)

    answers = [attend(calls, bellhop), attend(calls, bellhop)]

    state = prefect_client.read_flow_run(dead.id).state
    assert state is not None
    assert (answers, state.type.value, calls.unanswered()) == (["left", "done"], "CRASHED", [])


def test_run_scheduled_before_the_clock_went_back_runs_now(
    prefect_client: SyncPrefectClient, calls: FakeCalls, bellhop: Bellhop, subject: str
) -> None:
    from prefect.states import Scheduled

    ring_and_attend(calls, bellhop, subject)
    carrier = calls.carrier("napper", subject)
    assert carrier is not None
    assert carrier.flow_run_id is not None
    tomorrow = Scheduled(scheduled_time=datetime.now(UTC) + timedelta(days=1))
    prefect_client.set_flow_run_state(UUID(carrier.flow_run_id), tomorrow, force=True)
    calls.ring("napper", subject)

    assert (attend(calls, bellhop, again=True), calls.unanswered()) == ("asleep", [])


def test_sleeping_run_that_fails_at_every_wake_is_parked(
    calls: FakeCalls, bellhop: Bellhop, subject: str
) -> None:
    from tests.deployments.nappers import FAILURES

    ring_and_attend(calls, bellhop, subject)
    FAILURES.add(subject)
    calls.ring("napper", subject)

    answers = [attend(calls, bellhop, again=number > 0) for number in range(6)]

    assert answers == ["failed", "failed", "failed", "failed", "left", "parked"]
    assert calls.unanswered() == [2]


def test_run_that_fails_each_time_is_parked_after_three_replacements(
    calls: FakeCalls, bellhop: Bellhop, subject: str
) -> None:
    from tests.deployments.nappers import FAILURES

    FAILURES.add(subject)
    calls.ring("napper", subject)

    answers = [attend(calls, bellhop) for _ in range(6)]

    assert answers == ["failed", "failed", "failed", "failed", "left", "parked"]
    assert (runs_of(subject), calls.unanswered()) == (4, [1])


def test_run_asleep_without_its_form_is_woken(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient
) -> None:
    from prefect.states import Running as RunningState
    from prefect.states import Suspended

    ring_and_attend(calls, bellhop, subject)
    run_id = run_id_of(calls, subject)
    prefect_client.resume_flow_run(run_id)
    execution.claim_run(prefect_client, run_id)
    prefect_client.set_flow_run_state(run_id, RunningState())
    asleep: State[None] = Suspended(pause_key="k")
    asleep.state_details.run_input_keyset = {"response": "r", "schema": "never stored", "description": "d"}
    prefect_client.set_flow_run_state(run_id, asleep)

    outcome = ring_and_attend(calls, bellhop, subject)

    assert (outcome, runs_of(subject)) == ("asleep", 2)


def test_bell_for_finished_business_is_answered_by_the_ringer(
    calls: FakeCalls, bellhop: Bellhop, subject: str
) -> None:
    from tests.deployments.nappers import ENDS

    ENDS.add(subject)
    finished = ring_and_attend(calls, bellhop, subject)

    late = ring_and_attend(calls, bellhop, subject)

    assert (finished, late, runs_of(subject), calls.unanswered()) == ("done", "done", 1, [])


def test_unknown_deployment_is_registered_again(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient
) -> None:
    make_known(prefect_client)
    prefect_client.delete_deployment(prefect_client.read_deployment_by_name("napper/napper").id)

    assert ring_and_attend(calls, bellhop, subject) == "asleep"


def test_tick_bell_is_a_run_of_its_own_each_time(calls: FakeCalls, bellhop: Bellhop, subject: str) -> None:
    answers = [ring_and_attend(calls, bellhop, subject, kind="tick") for _ in range(2)]

    assert (answers, runs_of(subject), calls.unanswered()) == (["done", "done"], 2, [])


@pytest.fixture
def on_processes(prefect_client: SyncPrefectClient) -> Iterator[None]:
    """The deployments on Prefect's own process pool, where nobody works at the moment."""
    register(prefect_client, deployments=DEPLOYED, pool=PROCESS_POOL)
    yield
    register(prefect_client, deployments=DEPLOYED)


@pytest.mark.usefixtures("on_processes")
def test_ringer_that_only_rings_leaves_the_run_scheduled(
    calls: FakeCalls, subject: str, prefect_client: SyncPrefectClient, tmp_path: Path
) -> None:
    rings = Bellhop(calls, prefect_client, orders(tmp_path, pool=PROCESS_POOL))

    first = ring_and_attend(calls, rings, subject)
    again = attend(calls, rings)

    run = prefect_client.read_flow_run(run_id_of(calls, subject))
    prefect_client.delete_flow_run(run.id)
    assert (first, again, run.state_name, runs_of(subject)) == ("rung", "rung", "Scheduled", 0)
    assert run.work_pool_name == PROCESS_POOL


@pytest.mark.usefixtures("on_processes")
def test_run_that_has_just_fallen_asleep_elsewhere_is_left_until_its_process_has_ended(
    calls: FakeCalls, subject: str, prefect_client: SyncPrefectClient, tmp_path: Path
) -> None:
    from prefect.states import Suspended

    rings = Bellhop(calls, prefect_client, orders(tmp_path, pool=PROCESS_POOL))
    ring_and_attend(calls, rings, subject)
    run_id = run_id_of(calls, subject)
    asleep = Suspended(timeout_seconds=3600)
    prefect_client.set_flow_run_state(run_id, asleep, force=True)
    at_once = attend(calls, rings)
    eventually(lambda: attend(calls, rings) == "rung")

    state = prefect_client.read_flow_run(run_id).state
    prefect_client.delete_flow_run(run_id)
    assert (at_once, state.name if state else None) == ("left", "Resuming")


class AnsweredMeanwhile(FakeCalls):
    """The bells of somebody whose run answers them right after its carrier was looked at for the second time."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = 0

    def carrier(self, kind: str, subject: str) -> CarrierView | None:
        seen = super().carrier(kind, subject)
        self._looks += 1
        if self._looks == 2:
            self.answer(kind, subject, up_to=max(self.unanswered()))
        return seen


@pytest.mark.usefixtures("on_processes")
def test_ringer_that_only_rings_wakes_nobody_for_what_a_run_has_answered_meanwhile(
    subject: str, prefect_client: SyncPrefectClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run answers and falls asleep between the look at the bells and the look at the run."""
    from prefect.states import Suspended

    calls = AnsweredMeanwhile()
    rings = Bellhop(calls, prefect_client, orders(tmp_path, pool=PROCESS_POOL))
    calls.ring("napper", subject)
    [call] = calls.waiting(limit=1)
    first = rings.attend(call)
    run_id = run_id_of(calls, subject)
    prefect_client.set_flow_run_state(run_id, Suspended(timeout_seconds=3600), force=True)
    monkeypatch.setattr(bellhops, "ENDS_WITHIN", timedelta(0))

    again = rings.attend(call)

    state = prefect_client.read_flow_run(run_id).state
    prefect_client.delete_flow_run(run_id)
    assert (first, again, state.is_paused() if state else None) == ("rung", "answered", True)


def test_run_that_sleeps_on_another_pool_is_cancelled_and_replaced(
    calls: FakeCalls, bellhop: Bellhop, subject: str, prefect_client: SyncPrefectClient, tmp_path: Path
) -> None:
    ring_and_attend(calls, bellhop, subject)
    before = run_id_of(calls, subject)
    register(prefect_client, deployments=DEPLOYED, pool=PROCESS_POOL)

    answer = ring_and_attend(
        calls, Bellhop(calls, prefect_client, orders(tmp_path, pool=PROCESS_POOL)), subject
    )

    after = prefect_client.read_flow_run(run_id_of(calls, subject))
    old = prefect_client.read_flow_run(before)
    prefect_client.delete_flow_run(after.id)
    register(prefect_client, deployments=DEPLOYED)
    assert (answer, old.state_name, after.work_pool_name) == ("rung", "Cancelled", PROCESS_POOL)


def test_pool_of_an_unknown_type_must_be_there_already(prefect_client: SyncPrefectClient) -> None:
    with pytest.raises(NoSuchPool, match="work-pool create county-cluster"):
        register(prefect_client, deployments=DEPLOYED, pool="county-cluster")


def test_bells_wait_while_prefect_is_away(
    calls: FakeCalls, subject: str, prefect_server: Running, tmp_path: Path
) -> None:
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    nowhere = {
        PREFECT_API_URL: server.api_url(server.free_port()),
        PREFECT_CLIENT_MAX_RETRIES: 0,
    }
    calls.ring("napper", subject)
    with temporary_settings(nowhere), execution.one_client() as client:
        astray = Bellhop(calls, client, orders(tmp_path))
        with pytest.raises(httpx.ConnectError):
            attend(calls, astray)

    assert (calls.unanswered(), calls.owners()) == ([1], [])


def test_owner_whose_process_is_gone_is_dead() -> None:
    alive = owner_name("ringer")
    host, process, _, door = alive.split("/")

    assert [
        is_dead(name) for name in (alive, f"{host}/{process}/1.00/{door}", f"elsewhere/1/1.00/{door}")
    ] == [
        False,
        True,
        False,
    ]


def test_leases_of_a_dead_owner_are_freed_at_the_start(
    calls: FakeCalls, subject: str, prefect_server: Running, tmp_path: Path
) -> None:
    host, process, _, _ = owner_name("ringer").split("/")
    calls.ring("napper", subject)
    calls.claim("napper", subject, owner=f"{host}/{process}/1.00/ringer")
    stands_still = calls.now()
    calls.now = lambda: stands_still

    with at_work(calls, tmp_path):
        eventually(lambda: not calls.unanswered())

    assert calls.owners() == []
