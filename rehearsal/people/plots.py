"""What happens in a rehearsal: every way through the flows at least once, the rest drawn from the seed."""

from __future__ import annotations

import random

from actions.steps import subject_of
from rules.campaign.campaign import Campaign

WAYS = {
    (0, 0): "good",
    (0, 1): "returned",
    (1, 0): "weak",
    (1, 1): "disputed",
    (2, 0): "absent",
    (2, 1): "vetoed",
    (3, 0): "reassigned",
    (7, 0): "waiting",
    (7, 1): "returned_twice",
}
"""(place of the town, place of the village in it) -> its plot. Three villages show the main way, one
return and one refusal; eight nearly everything; a whole county everything.

good      accepted, passed, recognised
mistakes  a first upload full of mistakes
returned  sent back by the bureau for correction, after 15 November
returned_twice  sent back as often as the campaign allows
weak      below the passing line
disputed  reviewer A marks it down to the line, reviewer B looks again
absent    the reviewer asked first keeps silent, the deputy answers
vetoed    reviewer A names a veto
reassigned  the coordinator gives the desk review to another reviewer
waiting   the bureau itself is late: the village goes on the supplementary list
"""

TEMPERS = {3: "late", 4: "extended", 5: "silent", 6: "unreported"}
"""Place of the town -> its temper; all others are prompt.

late        answers in the days of grace
extended    asks for an extension and hands in after the verification has closed
silent      never answers the survey
unreported  confirms its survey, then hands in nothing
"""

WEIGHTS = {"good": 9, "mistakes": 4, "returned": 3, "weak": 3}

RETURNED_LISTS = frozenset({"award"})
"""Gates whose first list comes back once, to be put forward anew by the coordinator."""
LEAST_VILLAGES = 8
"""From so many on: fewer show the main way."""


def returns_list(campaign: Campaign, gate: str, subject: str) -> bool:
    """The county's own list comes back; a top-up or a recovery, a year later, does not."""
    own = subject == subject_of(campaign.id, campaign.awards[0].level)
    return gate in RETURNED_LISTS and own and len(campaign.villages) >= LEAST_VILLAGES


def tempers_of(campaign: Campaign) -> dict[str, str]:
    """Town code -> prompt, or one of ``TEMPERS``."""
    return {town.code: TEMPERS.get(place, "prompt") for place, town in enumerate(campaign.towns)}


def plots_of(campaign: Campaign, *, seed: int) -> dict[str, str]:
    """Village code -> its plot."""
    plots = {}
    for town_place, town in enumerate(campaign.towns):
        own = [village.code for village in campaign.villages if village.town_code == town.code]
        for place, code in enumerate(own):
            plot = WAYS.get((town_place, place)) or _drawn(code, place, seed=seed)
            plots[code] = plot if can_happen(campaign, plot) else "good"
    return plots


def can_happen(campaign: Campaign, plot: str) -> bool:
    """Whether a folder's gates and vetoes leave room for a plot."""
    gate = campaign.gate("desk_review")
    alone, answers = len(gate.seats) == 1, dict(gate.answers)
    needed = {
        "vetoed": "veto" in answers and bool(campaign.scheme.vetoes),
        "returned": "return" in answers,
        "absent": alone and _escalates(campaign, gate.ladder),
        "reassigned": alone,
    }
    return needed.get(plot, True)


def _escalates(campaign: Campaign, name: str) -> bool:
    return any(rung.escalate for one in campaign.ladders if one.name == name for rung in one.rungs)


def _drawn(code: str, place: int, *, seed: int) -> str:
    """By the seed; the first village of a town is a good one, so that each town has something to show."""
    if place == 0:
        return "good"
    dice = random.Random(f"{seed}:plot:{code}")
    return dice.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
