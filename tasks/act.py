"""How a task is retried: a few times, soon, and never served from a cache; and when it is not run at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.tasks import Task

from actions.steps import Step
from records.store import Session
from tasks.context import store

P = ParamSpec("P")
R = TypeVar("R")


def act(function: Callable[P, R]) -> Task[P, R]:
    """A Prefect task around one repeatable act of ours.

    Every act re-reads the rows and does only what is still due, so a retry is harmless and a cached
    answer would be wrong: a comment changed in mid-sleep, or a retry, must not decide what runs.
    """
    made = task(retries=3, retry_delay_seconds=[0.2, 1, 5], cache_policy=NO_CACHE, persist_result=False)
    return made(function)


def act_if_due(
    look: Callable[[Session, str], R | Step],
) -> Callable[[Callable[[str], R]], Callable[[str], R]]:
    """The same for a step of which ``look`` says what it has come to: a task only when something is due.

    Most wakes find most steps done. Reading rows again is no act, and a task that does nothing costs Prefect's
    server a third of a wake-up.
    """

    def made(function: Callable[[str], R]) -> Callable[[str], R]:
        due = act(function)

        @wraps(function)
        def step(subject: str) -> R:
            with store().reading() as session:
                stands = look(session, subject)
            return due(subject) if isinstance(stands, Step) else stands

        return step

    return made
