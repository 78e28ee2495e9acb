"""How a run wakes, sleeps and ends: on every wake from the top, under a fresh key each time.

Called from flow bodies, not tasks: only a flow can suspend itself. ``sleep`` never returns.
"""

from __future__ import annotations

from typing import NoReturn

from prefect.exceptions import Pause
from prefect.flow_runs import suspend_flow_run
from prefect.input.run_input import keyset_from_base_key

from actions import codes, waking
from actions.waking import Wake
from config.failpoints import reach
from records import clock
from rules.refusals import Refused
from tasks.forms import Approval
from tasks.place import now, store


def begin(kind: str, subject: str) -> Wake:
    """Begin a wake: what this run will have heard, and what was typed into the form of its last sleep."""
    wake = waking.begin_wake(store(), kind, subject)
    reach("flow.body", home=store().home)
    if wake.sleep_key and wake.gate_id:
        _take_form(wake.sleep_key, wake.gate_id)
    return wake


def _take_form(sleep_key: str, gate_id: int) -> None:
    """Pass a filled form on to ``decide``; an empty one was only a bell."""
    form = Approval.load(keyset_from_base_key(f"suspended-{sleep_key}"))
    if not isinstance(form, Approval) or not (form.code and form.answer):
        return
    outcome = codes.decide_by_code(
        store(),
        gate_id=gate_id,
        code=form.code,
        answer=form.answer,
        reason=form.reason or "",
        door="prefect",
        now=now(),
        host_now=clock.host_now(),
    )
    if isinstance(outcome, Refused):
        from prefect import get_run_logger

        get_run_logger().warning(outcome.reason)


def sleep(wake: Wake) -> NoReturn:
    """Sleep until the next bell. With a gate open, Resume in the Prefect UI shows the approval form."""
    asleep = waking.record_sleep(store(), wake, now=now())
    form = Approval if asleep.gate_id else None
    suspend_flow_run(wait_for_input=form, key=asleep.key, timeout=None)
    raise Pause("a suspended run does not go on")


def finish(wake: Wake) -> None:
    """The subject's business is done."""
    waking.record_end(store(), wake, now=now())
