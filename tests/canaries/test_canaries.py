"""Prefect behaviours this house relies on or avoids; one that changes sings here before a campaign is lost."""

from __future__ import annotations

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from deployments.worker import execution
from tests.canaries.conftest import LOAD, Bench
from tests.prefect_server import Running

if TYPE_CHECKING:
    from prefect._flow_run_suspension import FlowRunSuspensionRequest


def notes_of(subject: str) -> list[str]:
    from tests.canaries.sleepers import NOTES

    return [note.removeprefix(f"{subject} ") for note in NOTES if note.startswith(subject)]


def fail_after_answer(subject: str) -> None:
    from tests.canaries.sleepers import FAILURES

    FAILURES.add(subject)


def stop_failing(subject: str) -> None:
    from tests.canaries.sleepers import FAILURES

    FAILURES.discard(subject)


def retry(bench: Bench, run_id: UUID, kind: str) -> str:
    """What the Retry button of the UI does: schedule the failed run again."""
    from prefect.states import Scheduled

    bench.client.set_flow_run_state(run_id, Scheduled(name="AwaitingRetry"))
    return bench.run(run_id, kind)


def test_server_from_the_lock_file_starts_and_refuses_strangers(prefect_server: Running) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{prefect_server.url}/flows/count")
    refused.value.close()

    assert refused.value.code == 401


def test_resumed_run_begins_at_its_first_line(bench: Bench, subject: str) -> None:
    run_id = bench.start("sleeper", subject)

    bench.resume(run_id)
    outcome = bench.run(run_id, "sleeper")

    assert (outcome, notes_of(subject)) == ("asleep", ["first line", "first line"])


def test_run_flow_raises_pause_when_its_run_suspends(bench: Bench, subject: str) -> None:
    from prefect.exceptions import Pause
    from prefect.flow_engine import run_flow

    flow_run = execution.claim_run(bench.client, bench.create("sleeper", subject))

    with pytest.raises(Pause):
        run_flow(LOAD("sleeper"), flow_run=flow_run)


@pytest.mark.parametrize(("cancelled", "tries"), [(False, 1), (True, 2)])
def test_sleeping_run_may_go_straight_to_running(
    bench: Bench, subject: str, cancelled: bool, tries: int
) -> None:
    from prefect.states import Cancelled

    run_id = bench.start("sleeper", subject)
    if cancelled:
        bench.client.set_flow_run_state(run_id, Cancelled())

    outcome = execution.wake(run_id, kind="sleeper", parameters={"subject": subject}, load=LOAD)

    run = bench.client.read_flow_run(run_id)
    assert run.state is not None
    assert (outcome, notes_of(subject)) == ("asleep", ["first line", "first line"])
    assert (run.state.name, run.run_count) == ("Suspended", tries)


def test_run_that_is_gone_cannot_be_woken(bench: Bench, subject: str) -> None:
    run_id = bench.start("sleeper", subject)
    bench.client.delete_flow_run(run_id)

    outcome = execution.wake(run_id, kind="sleeper", parameters={"subject": subject}, load=LOAD)

    assert (outcome, notes_of(subject)) == ("gone", ["first line"])


def test_retry_after_an_answer_under_the_same_key_conflicts(bench: Bench, subject: str) -> None:
    run_id = bench.start("same-key", subject)
    fail_after_answer(subject)
    bench.resume(run_id, code="c")
    bench.run(run_id, "same-key")
    stop_failing(subject)

    outcome = retry(bench, run_id, "same-key")

    # The answer is there and is never heard: with Prefect's own worker the run stays Suspended for ever.
    state = bench.client.read_flow_run(run_id).state
    assert state is not None
    assert (outcome, "409" in str(state.message), notes_of(subject)) == ("failed", True, ["got c"])


def test_retry_after_an_answer_under_a_fresh_key_is_harmless(bench: Bench, subject: str) -> None:
    run_id = bench.start("asker", subject)
    fail_after_answer(subject)
    bench.resume(run_id, code="c", answer="approve")
    bench.run(run_id, "asker")
    stop_failing(subject)

    outcome = retry(bench, run_id, "asker")

    assert outcome == "done"
    assert notes_of(subject) == ["code=c answer=approve", "code=c answer=approve"]


def test_empty_resume_of_a_form_is_only_a_bell(bench: Bench, subject: str) -> None:
    run_id = bench.start("asker", subject)

    accepted = bench.resume(run_id)
    outcome = bench.run(run_id, "asker")

    assert (accepted, outcome, notes_of(subject)) == ("ACCEPT", "asleep", ["code=None answer=None"])


def test_value_outside_the_literal_is_rejected_before_anything_wakes(bench: Bench, subject: str) -> None:
    run_id = bench.start("asker", subject)

    rejected = bench.resume(run_id, answer="perhaps")

    assert (rejected, bench.state(run_id), notes_of(subject)) == ("REJECT", "Suspended", [])


def test_form_under_a_key_never_asked_is_empty(bench: Bench, subject: str) -> None:
    from tests.canaries.sleepers import KEYS

    KEYS[subject] = uuid4().hex  # as after a death between keeping the key and falling asleep

    run_id = bench.start("asker", subject)

    assert (bench.state(run_id), notes_of(subject)) == ("Suspended", ["code=None answer=None"])


def test_losers_of_a_race_to_resume_get_no_error(bench: Bench, subject: str) -> None:
    run_id = bench.start("sleeper", subject)

    said = [bench.resume(run_id) for _ in range(3)]

    assert said == ["ACCEPT", "ABORT", "ABORT"]


def test_pending_is_won_once_by_ten_racers(bench: Bench, subject: str) -> None:
    run_id = bench.create("ready", subject)

    def race(_: int) -> bool:
        with execution.one_client() as client:
            return execution.claim_run(client, run_id) is not None

    with ThreadPoolExecutor(10) as racers:
        won = list(racers.map(race, range(10)))

    assert sorted(won) == [False] * 9 + [True]


def test_resume_of_a_running_run_answers_abort(bench: Bench, subject: str) -> None:
    from prefect.states import Running as RunningState

    run_id = bench.create("ready", subject)
    execution.claim_run(bench.client, run_id)
    bench.client.set_flow_run_state(run_id, RunningState())

    assert bench.resume(run_id) == "ABORT"


def test_resume_of_a_deleted_run_is_a_server_error(bench: Bench, subject: str) -> None:
    from prefect.exceptions import PrefectHTTPStatusError

    run_id = bench.create("ready", subject)
    bench.client.delete_flow_run(run_id)

    with pytest.raises(PrefectHTTPStatusError, match="500"):
        bench.resume(run_id)


@pytest.mark.parametrize("left_in", ["Pending", "Running"])
def test_run_of_a_killed_process_can_be_scheduled_without_force(
    bench: Bench, subject: str, left_in: str
) -> None:
    from prefect.states import Running as RunningState
    from prefect.states import Scheduled

    run_id = bench.create("ready", subject)
    execution.claim_run(bench.client, run_id)
    if left_in == "Running":
        bench.client.set_flow_run_state(run_id, RunningState())

    accepted = bench.client.set_flow_run_state(run_id, Scheduled()).status.value

    assert (accepted, bench.run(run_id, "ready"), notes_of(subject)) == ("ACCEPT", "done", ["ran"])


def test_subflow_cannot_be_suspended(bench: Bench, subject: str) -> None:
    run_id = bench.start("parent", subject)

    state = bench.client.read_flow_run(run_id).state

    assert state is not None
    assert (state.name, "Cannot suspend subflows" in str(state.message)) == ("Failed", True)


def test_same_idempotency_key_gives_the_same_run(bench: Bench, subject: str) -> None:
    first = bench.create("ready", subject, key=f"ready:{subject}:1")

    assert bench.create("ready", subject, key=f"ready:{subject}:1") == first
    assert bench.create("ready", subject, key=f"ready:{subject}:2") != first


def test_counted_key_gives_the_old_answer_to_a_gate_inserted_before_it(bench: Bench, subject: str) -> None:
    from tests.canaries.sleepers import NOTES

    run_id = bench.start("counted", subject)
    NOTES.append(f"{subject} inserted")

    bench.resume(run_id, code="for the old gate")
    bench.run(run_id, "counted")

    assert notes_of(subject) == ["inserted", "new gate got for the old gate"]


def test_engine_watches_for_suspension_only_a_run_it_knows_to_be_deployed(
    bench: Bench, subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect import _flow_run_suspension, flow_engine

    watched: list[UUID] = []
    watch = _flow_run_suspension.observe_flow_run_suspension

    def note(flow_run_id: UUID, request: FlowRunSuspensionRequest) -> AbstractContextManager[None]:
        watched.append(flow_run_id)
        return watch(flow_run_id, request)

    monkeypatch.setattr(flow_engine, "observe_flow_run_suspension", note)
    unwatched = bench.start("sleeper", subject)
    stock = execution.claim_run(bench.client, bench.create("ready", subject))
    assert stock is not None
    flow_engine.run_flow(LOAD("ready"), flow_run=stock)

    assert (watched, bench.state(unwatched)) == ([stock.id], "Suspended")


@pytest.mark.programs
def test_bulk_insert_of_a_runs_state_is_left_to_us_to_define() -> None:
    """The day Prefect says it, `deployments.prefect_server.sqlalchemy_patch` can go."""
    import subprocess
    import sys

    asks = (
        "from prefect.server.database.orm_models import FlowRun\n"
        "assert vars(FlowRun)['state'].bulk_dml_setter is None\n"
        "from deployments.prefect_server.sqlalchemy_patch import leave_states_out\n"
        "leave_states_out()\n"
        "assert FlowRun.state._bulk_dml_setter('state')({'state': {}}) is None\n"
    )

    subprocess.run([sys.executable, "-P", "-c", asks], check=True, timeout=60)
