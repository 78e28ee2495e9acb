"""The model can fail: of each act that is broken on purpose it finds a history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from actions.duties import eligibility, handover
from actions.review import content, decisions, recognition, reopening
from records import audit
from rehearsal.model.ends import ended_with_what_it_was_owed_to
from rehearsal.model.histories import play_many
from rehearsal.model.starts import Start, doubted
from rules.duties import holding
from rules.lists import awards
from rules.lists.awards import Payment
from tests.rehearsal.model.conftest import beginning

MOST = 300
"""Histories in which it must be found."""


@dataclass(frozen=True)
class Mutant:
    """One function replaced by a wrong one, and what the model says of it."""

    of: object
    name: str
    wrong: Callable[..., object]
    said: str
    begin_at: str = "the desk reviews are open"


def nothing(*_: object, **__: object) -> None:
    """Does nothing, refuses nothing."""


def nobody(*_: object, **__: object) -> frozenset[str]:
    return frozenset()


def no_veto(*_: object, **__: object) -> list[str]:
    return []


TRUE_PAYMENT = awards.payment


def pay_more(*given: Any, **named: Any) -> Payment:
    right = TRUE_PAYMENT(*given, **named)
    return replace(right, yuan=2 * right.yuan + 30_000)


MUTANTS = (
    Mutant(decisions, "end_seats", nothing, "is open and its gate is not"),
    Mutant(holding, "refuse_own_town", nothing, "has a conflict there"),
    Mutant(eligibility, "first_eyes", nobody, "judges their own judgement", "the second reviews are open"),
    Mutant(reopening, "tell_deciders", nothing, "was not told that", "the bureau is asked to recognise"),
    Mutant(awards, "payment", pay_more, "in all", "the award is open"),
    Mutant(handover, "refuse_holder", nothing, "the doctor says nobody_can_act"),
    Mutant(audit, "_digest", nothing, "the audit log breaks at 1"),
)


def points_of(name: str) -> list[Start]:
    if name != "the second reviews are open":
        return beginning(name)
    return [doubted(one) for one in beginning("the desk reviews are open") if not one.many_seats]


def found(*mutants: Mutant, patch: pytest.MonkeyPatch) -> str:
    where = points_of(mutants[0].begin_at)
    for one in mutants:
        patch.setattr(one.of, one.name, one.wrong)
    _, broken = play_many(histories=MOST, seed=1, begin_at=where, shorten=False)
    return str(broken or "")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_broken_act_is_found(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    assert mutant.said in found(mutant, patch=monkeypatch)


def test_recognition_that_ignores_a_veto_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "is recognised with a veto"
    mutants = [Mutant(room, "vetoes_of", no_veto, said) for room in (decisions, content, recognition)]

    assert "recognised" in found(*mutants, patch=monkeypatch)


def test_counterexample_is_shortened_to_the_acts_that_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    where = beginning("the desk reviews are open")[1:]
    monkeypatch.setattr(decisions, "end_seats", nothing)

    _, broken = play_many(histories=MOST, seed=1, begin_at=where, points=[ended_with_what_it_was_owed_to])

    # Where and when, two answers of three, and what is wrong.
    assert len(str(broken).strip().splitlines()) <= 5
