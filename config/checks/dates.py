"""Dates that cannot be kept, told before anybody promises them."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

from config.checks.conditions import Draft, Mistakes
from config.mistakes import Mistake
from rules.calendars import DIRECTIONS, Calendar, add_workdays
from rules.campaign import STAGES, Campaign, GatePlan, StagePlan
from rules.refusals import Refused
from rules.stages import check_dates


def check_chain(draft: Draft) -> Mistakes:
    """The chain from stage to stage; other files may still be broken, so the campaign is only partly there."""
    stages: tuple[StagePlan, ...] = draft["stages"]
    if tuple(stage.name for stage in stages) != STAGES or any(
        one.weekend not in DIRECTIONS for one in stages
    ):
        return
    known = {one.name: draft.get(one.name, ()) for one in fields(Campaign)}
    told = {f"stages[{n}].due" for n, stage in enumerate(stages) if stage.due < stage.opens}
    unkept = [one for one in check_dates(Campaign(**known), draft["calendar"]) if one.key not in told]
    for one in unkept:
        yield Mistake("campaign.yaml", one.key, one.value, one.reason)


def check_gate_days(draft: Draft) -> Mistakes:
    """A gate that opens on the last day of all still needs working days that are published."""
    stages: tuple[StagePlan, ...] = draft["stages"]
    gates: tuple[GatePlan, ...] = draft["gates"]
    calendar: Calendar = draft["calendar"]
    last = max((stage.due + timedelta(days=stage.grace_days) for stage in stages), default=None)
    if last is None or last > calendar.published_until:
        return
    for n, gate in enumerate(gates):
        end = add_workdays(calendar, last, max(gate.workdays, 0))
        if isinstance(end, Refused):
            yield Mistake("gates.yaml", f"gates[{n}].workdays", str(gate.workdays), end.reason)
