"""All checks of a campaign folder, and the files each of them looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from config.checks.conditions import Draft
from config.checks.forms import check_forms
from config.checks.gates import check_gate_ladders, check_gates
from config.checks.ladders import check_ladders
from config.checks.ledger import check_ledger
from config.checks.page import check_page, check_stages
from config.checks.people import check_people
from config.checks.scheme import check_numbers, check_scheme
from config.checks.units import check_towns, check_villages
from config.mistakes import Mistake

CHECKS: tuple[tuple[Callable[[Draft], Iterator[Mistake]], tuple[str, ...]], ...] = (
    (check_page, ("campaign.yaml",)),
    (check_stages, ("campaign.yaml",)),
    (check_towns, ("towns.csv", "campaign.yaml")),
    (check_villages, ("villages.csv", "towns.csv")),
    (check_ledger, ("ledger.csv", "campaign.yaml")),
    (check_people, ("people.csv", "towns.csv")),
    (check_gates, ("gates.yaml",)),
    (check_gate_ladders, ("gates.yaml", "ladders.yaml")),
    (check_ladders, ("ladders.yaml",)),
    (check_forms, ("forms.yaml",)),
    (check_scheme, ("indicators.yaml",)),
    (check_numbers, ("indicators.yaml", "forms.yaml")),
)
"""The checks, and the files each looks at: one that is broken is told about, not guessed at."""


def check_all(draft: Draft, sound: frozenset[str]) -> list[Mistake]:
    """Every mistake between values, looking only at files that could be built."""
    return [mistake for check, files in CHECKS if sound.issuperset(files) for mistake in check(draft)]
