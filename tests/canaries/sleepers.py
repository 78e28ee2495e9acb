"""Small flows that sleep, with notes of what they did; only the canaries run them."""

from __future__ import annotations

from typing import Literal
from uuid import uuid4

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.exceptions import Pause
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.input.actions import create_flow_run_input, ensure_flow_run_id, read_flow_run_input
from prefect.input.run_input import keyset_from_base_key
from prefect.states import Suspended
from prefect.utilities.engine import propose_state_sync

NOTES: list[str] = []
KEYS: dict[str, str] = {}
FAILURES: set[str] = set()


class Question(RunInput):
    """All fields optional, so that an empty answer is only a bell."""

    code: str | None = None
    answer: Literal["approve", "refuse"] | None = None


@flow
def sleeper(subject: str) -> None:
    """Sleeps under a fresh key each time."""
    NOTES.append(f"{subject} first line")
    suspend_flow_run(key=uuid4().hex)


@flow
def asker(subject: str) -> None:
    """The recipe: read the form of the last sleep, and ask again under a fresh key unless it was answered."""
    if subject in KEYS:
        form = Question.load(keyset_from_base_key(f"suspended-{KEYS[subject]}"))
        assert isinstance(form, Question)
        NOTES.append(f"{subject} code={form.code} answer={form.answer}")
        if form.answer is not None:
            if subject in FAILURES:
                raise RuntimeError("after the answer")
            return
    KEYS[subject] = uuid4().hex
    suspend_flow_run(wait_for_input=Question, key=KEYS[subject])


FORM = {
    "title": "审批",
    "type": "object",
    "properties": {
        "code": {"type": "string", "title": "授权码", "position": 0},
        "answer": {"type": "string", "title": "决定", "enum": ["同意", "退回"], "position": 1},
    },
    "additionalProperties": False,
}


@flow
def speaker(subject: str) -> None:
    """How we sleep: the form as data and before the state, the state with a sentence."""
    typed = read_flow_run_input(keyset_from_base_key(f"suspended-{KEYS.get(subject)}")["response"])
    NOTES.append(f"{subject} typed {typed}")
    KEYS[subject] = uuid4().hex
    keys = keyset_from_base_key(f"suspended-{KEYS[subject]}")
    create_flow_run_input(keys["schema"], FORM)
    state = Suspended(pause_key=KEYS[subject], message="等待同意。")
    state.state_details.run_input_keyset = keys
    with get_client(sync_client=True) as client:
        raise Pause(state=propose_state_sync(client, state, flow_run_id=ensure_flow_run_id()))


@flow
def same_key(subject: str) -> None:
    """What we never do: ask under one key and fail after the answer."""
    form = suspend_flow_run(wait_for_input=Question, key="always")
    NOTES.append(f"{subject} got {form.code}")
    if subject in FAILURES:
        raise RuntimeError("after the answer")


@flow
def counted(subject: str) -> None:
    """What we never do: let Prefect count the keys."""
    if f"{subject} inserted" in NOTES:
        first = suspend_flow_run(wait_for_input=Question)
        NOTES.append(f"{subject} new gate got {first.code}")
    old = suspend_flow_run(wait_for_input=Question)
    NOTES.append(f"{subject} old gate got {old.code}")


@flow
def parent(subject: str) -> None:
    """Calls a flow that wants to sleep."""
    sleeper(subject)


@flow
def ready(subject: str) -> None:
    """Sleeps never."""
    NOTES.append(f"{subject} ran")
