"""Wrong tries: a few are free, each further one waits twice as long, and nobody waits longer than the longest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rules.people.tries import AT_ONE_ADDRESS, OF_AN_ACCOUNT, OF_AN_ADDRESS, Patience, not_before, wait_text
from tests.rules.samples import local

SHORT = Patience(free=3, first=timedelta(seconds=5), longest=timedelta(seconds=30))


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 0), (2, 0), (3, 5), (4, 10), (5, 20), (6, 30), (10_000, 30)]
)
def test_pause_doubles_from_the_first_that_is_not_free_up_to_the_longest(tries: int, seconds: int) -> None:
    assert SHORT.pause(tries) == timedelta(seconds=seconds)


@pytest.mark.parametrize("patience", [AT_ONE_ADDRESS, OF_AN_ACCOUNT, OF_AN_ADDRESS])
def test_nobody_is_stopped_for_good(patience: Patience) -> None:
    assert patience.pause(10**6) == patience.longest <= timedelta(minutes=15)


def test_next_try_is_looked_at_after_the_pause() -> None:
    last = local(11, 2)

    assert not_before(SHORT, tries=4, last=last) == last + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1秒"), (0.2, "1秒"), (40, "40秒"), (59.5, "1分钟"), (60, "1分钟"), (61, "2分钟"), (900, "15分钟")],
)
def test_wait_is_said_rounded_up(seconds: float, text: str) -> None:
    assert wait_text(timedelta(seconds=seconds)) == text
