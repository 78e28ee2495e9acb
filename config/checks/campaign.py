"""What must hold in ``campaign.yaml``."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.checks.conditions import Draft, Mistakes, among, digits, holds, unique
from rules.campaign.calendar import DIRECTIONS
from rules.campaign.campaign import STAGES, AwardLevel, StagePlan, VisitRules
from rules.duties.quiet import are_hours
from rules.signs import is_one_line

FILE = "campaign.yaml"
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
AWARD_POLICIES = ("difference", "once", "wait")
SAID = ("title", "county", "notice")
LEAST_SAMPLE = 5
"""Of a hundred villages; the precedent of the level above."""
ABOVE_ZERO = (
    "taking_part",
    "recognised_at_least",
    "quota_upward",
    "correction_workdays",
    "visit_workdays",
    "revision_workdays",
    "retention_months",
    "objection_workdays",
)


def check_page(draft: Draft) -> Mistakes:
    """Each value of the page by itself; those that could not be read are told about elsewhere."""
    for key in SAID:
        said = draft.get(key, "-").strip()
        yield from holds(bool(said), FILE, key, "", "不得为空")
        yield from holds(is_one_line(said), FILE, key, said.replace("\n", "⏎"), "须为一行")
    for key in ABOVE_ZERO:
        yield from holds(draft.get(key, 1) > 0, FILE, key, draft.get(key), "须大于0")
    for key in ("most_returns", "publicity_workdays", "outage_minutes"):
        yield from holds(draft.get(key, 0) >= 0, FILE, key, draft.get(key), "不得小于0")
    hours = draft.get("quiet_hours", "")
    allowed = '须为加引号的两个不同时刻,如 "21:00-07:30"'
    yield from holds(not hours or are_hours(hours), FILE, "quiet_hours", hours, allowed)
    if "award_policy" in draft:
        yield from among(FILE, "award_policy", draft["award_policy"], AWARD_POLICIES)
    if "time_zone" in draft:
        zone = draft["time_zone"]
        yield from holds(is_zone(zone), FILE, "time_zone", zone, "须为时区名,如 Asia/Shanghai")
    if "county_code" in draft:
        yield from digits(FILE, "county_code", draft["county_code"], length=6)


def check_business(draft: Draft) -> Mistakes:
    """Each extract is held against a count of the forms, for the spot check of indicators that there are."""
    counts = [one.key for one in draft["forms"].counts]
    indicators = [one.id for one in draft["scheme"].indicators]
    yield from unique(FILE, "business.key", (one.key for one in draft["business"]))
    for one in draft["business"]:
        yield from among(FILE, f"business.{one.key}.count", one.count, counts)
        for indicator in one.about:
            yield from among(FILE, f"business.{one.key}.about", indicator, indicators)


def check_visits(draft: Draft) -> Mistakes:
    visits: VisitRules | None = draft["visits"]
    if visits is None:
        return
    for key in ("teams", "per_day"):
        number: int = getattr(visits, key)
        yield from holds(number > 0, FILE, f"visits.{key}", number, "须大于0")
    percent = visits.sample_percent
    right = LEAST_SAMPLE <= percent <= 100
    yield from holds(right, FILE, "visits.sample_percent", percent, f"须在{LEAST_SAMPLE}与100之间")


def check_id(draft: Draft) -> Mistakes:
    right = bool(ID.fullmatch(draft["id"]))
    yield from holds(right, FILE, "id", draft["id"], "须为小写字母、数字和连字符,如 longquan-2020")


def check_targets(draft: Draft) -> Mistakes:
    least = draft["recognised_at_least"]
    within = least <= draft["taking_part"]
    yield from holds(within, FILE, "recognised_at_least", least, "不得大于 taking_part")


def check_paid_since(draft: Draft) -> Mistakes:
    since, year = draft["paid_since"], draft["year"]
    right = since == 0 or 1990 <= since <= year
    yield from holds(right, FILE, "paid_since", since, f"须为0(全部计入)或不晚于{year}的年份")


def check_awards(draft: Draft) -> Mistakes:
    awards: tuple[AwardLevel, ...] = draft["awards"]
    yield from holds(bool(awards), FILE, "awards", "[]", "至少一级")
    yield from unique(FILE, "awards.level", (award.level for award in awards))
    yield from unique(FILE, "awards.title", (award.title for award in awards))
    for n, award in enumerate(awards):
        yield from holds(award.yuan > 0, FILE, f"awards[{n}].yuan", award.yuan, "须大于0")
    for n, (lower, award) in enumerate(pairwise(awards), 1):
        rising = award.yuan > lower.yuan
        allowed = f"须由低到高排列,大于上一级的{lower.yuan}"
        yield from holds(rising, FILE, f"awards[{n}].yuan", award.yuan, allowed)


def is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def check_stages(draft: Draft) -> Mistakes:
    stages: tuple[StagePlan, ...] = draft["stages"]
    names = tuple(stage.name for stage in stages)
    yield from holds(names == STAGES, FILE, "stages", "、".join(names), f"须依次为:{'、'.join(STAGES)}")
    for n, stage in enumerate(stages):
        key = f"stages[{n}]"
        yield from among(FILE, f"{key}.weekend", stage.weekend, DIRECTIONS)
        yield from holds(
            stage.due >= stage.opens, FILE, f"{key}.due", stage.due, f"不得早于 opens {stage.opens}"
        )
        yield from holds(stage.grace_days >= 0, FILE, f"{key}.grace_days", stage.grace_days, "不得小于0")
    for n, (before, stage) in enumerate(pairwise(stages), 1):
        later = stage.opens > before.due
        allowed = f"须晚于上一阶段的截止日 {before.due}"
        yield from holds(later, FILE, f"stages[{n}].opens", stage.opens, allowed)


def check_year(draft: Draft) -> Mistakes:
    """Dates that were left behind when last year's folder was copied."""
    stages: tuple[StagePlan, ...] = draft["stages"]
    year: int = draft["year"]
    for n, stage in enumerate(stages[:1]):
        right = stage.opens.year == year
        yield from holds(
            right, FILE, f"stages[{n}].opens", stage.opens, f"首个阶段须在 year 所写的{year}年开始"
        )
    if len(stages) > 1 and "survey_day" in draft:
        day, last = draft["survey_day"], stages[1].due
        right = date(year, 1, 1) <= day <= last
        yield from holds(right, FILE, "survey_day", day, f"须在{year}年1月1日与汇总上报截止日{last}之间")
