"""How a task is retried: a few times, soon, and never served from a cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.tasks import Task

P = ParamSpec("P")
R = TypeVar("R")


def act(function: Callable[P, R]) -> Task[P, R]:
    """A Prefect task around one repeatable act of ours.

    Every act re-reads the rows and does only what is still due, so a retry is harmless and a cached
    answer would be wrong: a comment changed in mid-sleep, or a retry, must not decide what runs.
    """
    made = task(retries=3, retry_delay_seconds=[0.2, 1, 5], cache_policy=NO_CACHE, persist_result=False)
    return made(function)
