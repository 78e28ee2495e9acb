"""Part four of the notice over five years: never twice, never above the highest amount."""

from __future__ import annotations

from collections import Counter

import pytest

from actions.lists import accounts
from rehearsal.bench.money import BYTES, Overpaid, play_many_years, play_money

HISTORIES = 60
"""The 10,000 are ``hqe bench money``."""


def test_money_of_five_years_holds_whatever_happens() -> None:
    done, broken = play_many_years(histories=HISTORIES, seed=3)

    assert broken == ""
    assert done["histories"] == HISTORIES
    happened = (
        "merger",
        "new code",
        "recognised",
        "refused",
        "withdrawn",
        "recovery",
        "correction",
        "row: recovery",
    )
    assert [name for name in happened if not done[name]] == []


def test_money_that_forgets_mergers_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at the ledger would see a fault: here payments follow no code but the village's own."""
    monkeypatch.setattr(accounts, "kin", lambda codes, _predecessors: frozenset(list(codes)[:1]))

    _, broken = play_many_years(histories=HISTORIES, seed=3)

    assert broken


def test_money_of_a_quiet_history_is_paid_once() -> None:
    done: Counter[str] = Counter()

    play_money(bytes(BYTES), done)

    assert done["row: payment"] > 0
    assert issubclass(Overpaid, AssertionError)
