"""How a run wakes, sleeps and ends: on every wake from the top, under a fresh key each time.

Called from flow bodies, not tasks: only a flow can suspend itself. ``sleep`` never returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

from prefect.client.orchestration import get_client
from prefect.exceptions import Pause
from prefect.input.actions import (
    create_flow_run_input,
    delete_flow_run_input,
    ensure_flow_run_id,
    read_flow_run_input,
)
from prefect.input.run_input import Keyset, keyset_from_base_key
from prefect.states import Suspended
from prefect.utilities.engine import propose_state_sync

from actions.review import codes
from actions.runs import wake as wake_acts
from actions.runs.wake import Wake
from config.failpoints import reach
from records import audit, clock
from rules.refusals import Refused
from tasks.context import now, store
from tasks.resume_form import approval_form, read_form

IN_PREFECT = {"taken_seat": "该席位已有同事先作出决定，您的决定没有记录。"}
"""Refusals whose own sentence names a person: nobody is named in Prefect."""


def begin(kind: str, subject: str) -> Wake:
    """Begin a wake: what this run will have heard, and what was typed into the form of its last sleep."""
    wake = wake_acts.begin_wake(store(), kind, subject)
    reach("flow.body", home=store().home)
    if not (wake.sleep_key and wake.gate_id):
        return wake
    key = _keys(wake.sleep_key)["response"]
    typed: Any = read_flow_run_input(key)
    if not typed:
        return wake
    refused = _take_form(wake.gate_id, typed)
    # Whoever can read Prefect's database finds no code there, nor what was answered with it.
    delete_flow_run_input(key)
    return wake if refused is None else replace(wake, refused=_say(refused))


def _keys(sleep_key: str) -> Keyset:
    return keyset_from_base_key(f"suspended-{sleep_key}")


def _take_form(gate_id: int, typed: Mapping[str, Any]) -> Refused | None:
    """Pass a filled form on to ``decide``; an empty one was only a bell."""
    filled = read_form(codes.plan_of(store(), gate_id), typed)
    if filled.is_empty:
        return None
    if not filled.is_whole:
        return _spend(gate_id, filled.code)
    outcome = codes.decide_by_code(
        store(),
        gate_id=gate_id,
        code=filled.code,
        answer=filled.answer,
        reason=filled.reason,
        door="prefect",
        now=now(),
        host_now=clock.host_now(),
    )
    return outcome if isinstance(outcome, Refused) else None


def _spend(gate_id: int, code: str) -> Refused:
    """A code without an answer lay open in Prefect all the same."""
    half = Refused("half_filled", "授权码和决定必须同时填写。")
    if not code:
        return half
    with audit.through("prefect"):
        spent = codes.spend_code(store(), gate_id=gate_id, code=code, now=now(), host_now=clock.host_now())
    return half if isinstance(spent, Refused) else codes.after_spending(half)


def _say(refused: Refused) -> str:
    """The refusal as everybody may read it, in the run's log and in the sentence why it waits."""
    from prefect import get_run_logger

    sentence = IN_PREFECT.get(refused.code, refused.reason)
    get_run_logger().warning(f"上次提交未记录：{sentence}")
    return sentence


def sleep(wake: Wake) -> NoReturn:
    """Sleep until the next bell. With a gate open, Resume in the Prefect UI shows the approval form.

    What ``suspend_flow_run`` does, except that the state says why the run waits, that the form is data, and that
    it is there before the run sleeps: Prefect refuses to resume a run whose form is missing.
    """
    asleep = wake_acts.record_sleep(store(), wake, now=now())
    state: Any = Suspended(pause_key=asleep.key, message=asleep.waits_for)
    if asleep.plan is not None:
        keys = state.state_details.run_input_keyset = _keys(asleep.key)
        create_flow_run_input(keys["schema"], approval_form(asleep.plan, sentence=asleep.waits_for))
    with get_client(sync_client=True) as client:
        proposed: Any = propose_state_sync(client, state, flow_run_id=ensure_flow_run_id())
    if not proposed.is_paused():
        raise RuntimeError(f"this run could not be suspended: {proposed}")
    raise Pause("a suspended run does not go on", state=proposed)


def finish(wake: Wake) -> None:
    """The subject's business is done."""
    wake_acts.record_end(store(), wake, now=now())
