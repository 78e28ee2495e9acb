"""What we rely on in what Prefect shows: the sentence of a state, a form that is data, tags, artifacts, its buttons."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.canaries.conftest import Bench


def notes_of(subject: str) -> list[str]:
    from tests.canaries.sleepers import NOTES

    return [note.removeprefix(f"{subject} ") for note in NOTES if note.startswith(subject)]


def press(bench: Bench, run_id: object, **sent: Any) -> str:
    """What a button of the UI sends; the name of the state that comes of it."""
    response = bench.client._client.post(f"/flow_runs/{run_id}/set_state", json=sent)
    response.raise_for_status()
    return str(response.json()["state"]["name"])


def test_suspended_state_keeps_the_sentence_it_was_proposed_with(bench: Bench, subject: str) -> None:
    state = bench.client.read_flow_run(bench.start("speaker", subject)).state

    assert state is not None
    assert (state.name, state.message) == ("Suspended", "等待同意。")


@pytest.mark.parametrize(
    ("typed", "answered", "heard"),
    [
        ({}, "ACCEPT", ["typed None", "typed None"]),
        ({"code": "c", "answer": "同意"}, "ACCEPT", ["typed None", "typed {'code': 'c', 'answer': '同意'}"]),
        ({"answer": "认定"}, "REJECT", ["typed None"]),
        ({"other": "x"}, "REJECT", ["typed None"]),
    ],
)
def test_form_given_as_data_is_checked_by_the_server_before_it_wakes_the_run(
    bench: Bench, subject: str, typed: dict[str, str], answered: str, heard: list[str]
) -> None:
    run_id = bench.start("speaker", subject)

    said = bench.resume(run_id, **typed)
    if said == "ACCEPT":
        bench.run(run_id, "speaker")

    assert (said, notes_of(subject)) == (answered, heard)


def test_run_bears_the_tags_of_its_deployment_beside_its_own(bench: Bench, subject: str) -> None:
    deployment = bench.client.read_deployment_by_name("ready/ready")
    run = bench.client.create_flow_run_from_deployment(
        deployment.id, parameters={"subject": subject}, tags=["八都镇"]
    )

    assert set(run.tags) == {"八都镇", *deployment.tags}


def test_cancel_button_on_a_sleeping_run_cancels_it_at_once(bench: Bench, subject: str) -> None:
    run_id = bench.start("speaker", subject)

    became = press(bench, run_id, state={"name": "Cancelling", "type": "CANCELLING"}, force=True)

    assert became == "Cancelled"


def test_retry_button_on_a_cancelled_run_schedules_it(bench: Bench, subject: str) -> None:
    run_id = bench.start("speaker", subject)
    press(bench, run_id, state={"name": "Cancelling", "type": "CANCELLING"}, force=True)

    became = press(bench, run_id, state={"name": "AwaitingRetry", "type": "SCHEDULED"}, force=False)

    assert (became, bench.run(run_id, "speaker")) == ("AwaitingRetry", "asleep")


def test_artifact_updated_is_the_newest_of_its_key_and_gone_when_deleted(bench: Bench) -> None:
    from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
    from prefect.exceptions import PrefectHTTPStatusError

    key = f"canary-{uuid4().hex[:8]}"
    made = bench.client.create_artifact(ArtifactCreate(key=key, type="markdown", data="old"))
    bench.client.update_artifact(made.id, ArtifactUpdate(data="new"))

    newest = {one.key: one.data for one in bench.client.read_latest_artifacts(limit=200)}
    bench.client.delete_artifact(made.id)
    with pytest.raises(PrefectHTTPStatusError, match="404"):
        bench.client.update_artifact(made.id, ArtifactUpdate(data="newer"))

    assert newest[key] == "new"
