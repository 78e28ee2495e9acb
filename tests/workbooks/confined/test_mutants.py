"""Broken workbooks: every one is answered, and an accepted one is what a second reader sees."""

from __future__ import annotations

import os

import pytest

from rehearsal.bench.fuzz import fuzz
from rehearsal.bench.mutants import MUTATIONS, mutant
from tests.workbooks.samples import CAMPAIGN, TEMPLATE
from workbooks.read.reference_readers import plain

MUTANTS = 2_000 if os.environ.get("CI") else 100
CHUNK = 100


@pytest.mark.parametrize("start", range(0, MUTANTS, CHUNK))
def test_broken_workbook_is_answered_and_an_accepted_one_is_read_right(start: int) -> None:
    tally = fuzz(CAMPAIGN, range(start, start + CHUNK))

    assert tally.wrong == []
    assert sum(tally.answered.values()) == CHUNK
    assert tally.accepted > len(tally.unseen)


def test_mutant_of_one_seed_is_always_the_same_and_every_change_happens() -> None:
    mutants = [mutant(TEMPLATE, seed) for seed in range(40)]

    assert mutants == [mutant(TEMPLATE, seed) for seed in range(40)]
    assert len(set(mutants)) > len(MUTATIONS)


def test_values_are_compared_after_the_listed_normalisations_only() -> None:
    same = [(None, ""), (7, 7.0), (True, 1.0), (" a\r\nb ", "a\nb")]

    assert all(plain(one) == plain(other) for one, other in same)
    assert plain("7") != plain(7)
