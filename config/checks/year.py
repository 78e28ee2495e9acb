"""What must hold in ``year.yaml``: the work between campaigns."""

from __future__ import annotations

from config.checks.conditions import Draft, Mistakes, among, holds, unique
from rules.campaign.forms import Forms
from rules.year.plan import SERVED, Interval, YearPlan

FILE = "year.yaml"
CHOSEN = ("choice", "choices")
"""Kinds of roster columns by which people can be grouped."""


def check_plan(draft: Draft) -> Mistakes:
    plan: YearPlan = draft["year_plan"]
    for key, named in (("groups", plan.groups), ("services", plan.services), ("policies", plan.policies)):
        yield from unique(FILE, f"{key}.key", (one.key for one in named))
        yield from unique(FILE, f"{key}.title", (one.title for one in named))
    for key, many in (("groups", len(plan.groups)), ("services", len(plan.services))):
        yield from holds(many > 0, FILE, key, "无", "至少写一项")
    for n, kind in enumerate(plan.services):
        yield from among(FILE, f"services[{n}]({kind.key}).served", kind.served, SERVED)


def check_groups(draft: Draft) -> Mistakes:
    """Every group is asked again some day, and is known by columns that the roster lets one choose from."""
    plan: YearPlan = draft["year_plan"]
    forms: Forms = draft["forms"]
    choices = {one.key: one.choices for one in forms.roster if one.kind in CHOSEN}
    yield from among(FILE, "state", plan.state, choices)
    for n, group in enumerate(plan.groups):
        at = f"groups[{n}]({group.key})"
        yield from check_interval(f"{at}.interval", group.interval)
        for column, wanted in group.where:
            yield from among(FILE, f"{at}.where", column, choices)
            yield from holds(bool(wanted), FILE, f"{at}.where.{column}", "无", "至少写一个值")
            for value in wanted:
                if column in choices:
                    yield from among(FILE, f"{at}.where.{column}", value, choices[column])
    everybody = any(not group.where for group in plan.groups)
    yield from holds(everybody, FILE, "groups", "无", "须有一组不写 where,使其余人员也有人核实")


def check_interval(at: str, interval: Interval) -> Mistakes:
    one = sorted((interval.months, interval.days))
    right = one[0] == 0 < one[1]
    shown = f"{interval.months}个月{interval.days}天"
    yield from holds(right, FILE, at, shown, "months、days 须写且只写一个,大于0")
