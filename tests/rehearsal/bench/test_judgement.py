"""A campaign judged anew: within its two seconds, and the same digest each time."""

from __future__ import annotations

from config.campaign_folder import campaign_folder, read_campaign
from rehearsal.bench.judgement import BUDGET, judge_all


def test_48_villages_are_judged_anew_within_two_seconds_to_the_same_digest() -> None:
    campaign = read_campaign(campaign_folder("longquan-2020"))

    first, again, other = judge_all(campaign), judge_all(campaign), judge_all(campaign, seed=2)

    assert min(first.seconds, again.seconds) < BUDGET
    assert first.ratio > 1
    assert first.digest == again.digest != other.digest
