"""What it costs to judge a whole campaign anew: every sheet, what is in dispute, the final one, and the digest."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from time import process_time

from rules.campaign.campaign import Campaign
from rules.campaign.scoring import ScoreSheet, fact_keys, overlay, score
from rules.review.explanation import digest_of
from rules.review.reconciliation import disputes, reconciled

VILLAGES = 48
BUDGET = 2.0
"""Seconds for 48 villages (notice, one: 参与建设活动社区(村)48个)."""
Facts = dict[str, Fraction | int]


@dataclass(frozen=True, slots=True)
class Judged:
    """How long the whole took, how long the town's sheets alone, and the digest of all."""

    villages: int
    seconds: float
    """Of the processor: what else the machine does changes nothing."""
    baseline: float
    digest: str

    @property
    def ratio(self) -> float:
        return self.seconds / self.baseline


def judge_all(campaign: Campaign, *, villages: int = VILLAGES, seed: int = 1) -> Judged:
    """Score, compare, reconcile and hash; the baseline is scoring the towns' own sheets in the same run."""
    dice = random.Random(seed)
    cases = [_case(campaign, dice) for _ in range(villages)]
    began = process_time()
    for town, _, _ in cases:
        score(campaign.scheme, town)
    baseline = process_time() - began
    began = process_time()
    digests = [digest_of(_worth(campaign, *case)) for case in cases]
    seconds = process_time() - began
    return Judged(villages, seconds, baseline, digest_of(digests))


def _case(campaign: Campaign, dice: random.Random) -> tuple[Facts, Facts, Facts]:
    """A town's facts, and what each reviewer changed."""
    keys = sorted(fact_keys(campaign.scheme) - {veto.id for veto in campaign.scheme.vetoes})
    town: Facts = {key: dice.randint(0, 900) if "/" not in key else 1 for key in keys}
    changed = [dict.fromkeys(dice.sample(keys, 4), 0) for _ in range(2)]
    return town, dict(changed[0]), dict(changed[1])


def _worth(campaign: Campaign, town: Facts, first: Facts, second: Facts) -> list[object]:
    sheets = [score(campaign.scheme, overlay(town, changes)) for changes in ({}, first, second)]
    open_ = disputes(campaign.scheme, sheets[1], sheets[2])
    final = reconciled(campaign.scheme, sheets[1], sheets[2], {one.id: one.second for one in open_})
    return [_as_text(sheet) for sheet in (*sheets, final)]


def _as_text(sheet: ScoreSheet) -> list[object]:
    return [[(line.indicator_id, str(line.points)) for line in sheet.lines], str(sheet.total), sheet.vetoes]
