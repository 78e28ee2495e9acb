"""What happens to each village in a rehearsal, drawn from the seed."""

from __future__ import annotations

import random

from rules.campaign import Campaign

FIRST_THREE = ("good", "returned", "weak")
"""Three villages show the main way, one return for correction and one refusal."""

WEIGHTS = {"good": 9, "mistakes": 4, "returned": 3, "weak": 3}


def plots_of(campaign: Campaign, *, seed: int) -> dict[str, str]:
    """Village code -> good, mistakes (a wrong first upload), returned (by the bureau) or weak (refused)."""
    plots = {}
    for place, village in enumerate(campaign.villages):
        if place < len(FIRST_THREE):
            plots[village.code] = FIRST_THREE[place]
        else:
            dice = random.Random(f"{seed}:plot:{village.code}")
            plots[village.code] = dice.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
    return plots
