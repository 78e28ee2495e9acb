"""Handing in broken workbooks by the thousand: each must be answered, and an accepted one must be what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rehearsal.bench.mutants import mutant
from rehearsal.people.workbooks import fill_dossier
from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Dossier
from workbooks.confined.client import examine_apart
from workbooks.read.dossier import read_dossier
from workbooks.read.reference_readers import Unseen, differences

GAVE_UP = ("reading_died", "reading_slow")


@dataclass
class Tally:
    """What became of the mutants: by first code, how many were accepted, and everything that went wrong."""

    answered: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    wrong: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    """Accepted, but the second reader opens no such file and so says nothing about it."""


def fuzz(campaign: Campaign, seeds: Iterable[int], *, seconds: float = 20) -> Tally:
    """Examine one mutant of a small right dossier per seed."""
    village = campaign.villages[0]
    whole = fill_dossier(campaign, village.code, plot="good", version=1, seed=1, rows=(12, 12))
    tally = Tally()
    for seed in seeds:
        data = mutant(whole, seed)
        understood = examine_apart(
            data, campaign=campaign, town_code=village.town_code, village_code=village.code, seconds=seconds
        )
        first = understood.findings[0].code if understood.findings else "nothing"
        tally.answered[first] += 1
        if first in GAVE_UP:
            tally.wrong.append(f"{seed}: {first}")
        if understood.acceptable:
            tally.accepted += 1
            try:
                tally.wrong += [f"{seed}: {one}" for one in told_apart(data, campaign)]
            except Unseen as unseen:
                tally.unseen.append(f"{seed}: {unseen}")
        elif not understood.findings:
            tally.wrong.append(f"{seed}: neither accepted nor told why")
    return tally


def told_apart(data: bytes, campaign: Campaign) -> list[str]:
    dossier = read_dossier(data, campaign)
    if not isinstance(dossier, Dossier):
        return [f"accepted and then {dossier.code}"]
    return differences(data, dossier)
