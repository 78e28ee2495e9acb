"""What must hold in ``campaign.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.checks.conditions import Draft, among, holds, unique
from config.mistakes import Mistake
from rules.calendars import DIRECTIONS
from rules.campaign import STAGES, StagePlan

AWARD_POLICIES = ("difference", "once", "wait")


def check_page(draft: Draft) -> Iterator[Mistake]:
    file = "campaign.yaml"
    yield from among(file, "award_policy", draft["award_policy"], AWARD_POLICIES)
    yield from holds(
        is_zone(draft["time_zone"]), file, "time_zone", draft["time_zone"], "须为时区名,如 Asia/Shanghai"
    )
    for key in (
        "taking_part",
        "recognised_at_least",
        "quota_upward",
        "correction_workdays",
        "visit_workdays",
    ):
        yield from holds(draft[key] > 0, file, key, draft[key], "须大于0")
    within = draft["recognised_at_least"] <= draft["taking_part"]
    yield from holds(
        within, file, "recognised_at_least", draft["recognised_at_least"], "不得大于 taking_part"
    )
    yield from unique(file, "awards", (award.level for award in draft["awards"]))
    for n, award in enumerate(draft["awards"]):
        yield from holds(award.yuan > 0, file, f"awards[{n}].yuan", award.yuan, "须大于0")


def is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def check_stages(draft: Draft) -> Iterator[Mistake]:
    file = "campaign.yaml"
    stages: tuple[StagePlan, ...] = draft["stages"]
    names = tuple(stage.name for stage in stages)
    yield from holds(names == STAGES, file, "stages", "、".join(names), f"须依次为:{'、'.join(STAGES)}")
    for n, stage in enumerate(stages):
        key = f"stages[{n}]"
        yield from among(file, f"{key}.weekend", stage.weekend, DIRECTIONS)
        yield from holds(stage.due >= stage.opens, file, f"{key}.due", stage.due, "不得早于 opens")
        yield from holds(stage.grace_days >= 0, file, f"{key}.grace_days", stage.grace_days, "不得小于0")
    for n, (before, stage) in enumerate(pairwise(stages), 1):
        later = stage.opens > before.due
        yield from holds(
            later, file, f"stages[{n}].opens", stage.opens, f"须晚于上一阶段的截止日 {before.due}"
        )
