"""Dates that cannot be kept, told before anybody promises them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, timedelta

from config.checks.conditions import Draft, Mistakes
from config.checks.published import FILE as CALENDAR
from config.checks.published import Corrections, decree, unlisted
from config.mistakes import Mistake
from rules.campaign.calendar import DIRECTIONS, Calendar, add_workdays, settle
from rules.campaign.campaign import STAGES, Campaign, GatePlan, StagePlan
from rules.campaign.deadlines import check_dates
from rules.refusals import Refused


def check_chain(draft: Draft) -> Mistakes:
    """The chain from stage to stage; other files may still be broken, so the campaign is only partly there."""
    stages: tuple[StagePlan, ...] = draft["stages"]
    if tuple(stage.name for stage in stages) != STAGES or any(
        one.weekend not in DIRECTIONS for one in stages
    ):
        return
    known = {one.name: draft.get(one.name, ()) for one in fields(Campaign)}
    calendar: Calendar = draft["calendar"]
    if ends_too_early(stages, calendar):
        calendar = replace(calendar, published_until=date.max)
    told = {f"stages[{n}].due" for n, stage in enumerate(stages) if stage.due < stage.opens}
    unkept = [one for one in check_dates(Campaign(**known), calendar) if one.key not in told]
    for one in unkept:
        yield Mistake("campaign.yaml", one.key, one.value, one.reason)


def last_day(stages: tuple[StagePlan, ...]) -> date:
    return max((stage.due + timedelta(days=stage.grace_days) for stage in stages), default=date.min)


def ends_too_early(stages: tuple[StagePlan, ...], calendar: Calendar) -> bool:
    """Whether the days off of the last stage's year are not all published, so that no date of it can be reckoned."""
    last = last_day(stages)
    return stages != () and calendar.published_until < max(last, date(last.year, 12, 31))


def check_published(draft: Draft) -> Mistakes:
    """What only the State Council can say is asked for once, however many dates need it."""
    corrections: Corrections = draft["corrections"]
    stages, until = draft["stages"], corrections.published_until
    last, most = last_day(stages), most_workdays(draft)
    reckoned = last_reckoned(draft["calendar"], last, most)
    if stages and reckoned > until:
        beyond = last > until or most == 0
        what = (
            f"各阶段要推算到{last}" if beyond else f"{last}才开始、须{most}个工作日的事项要推算到{reckoned}"
        )
        year = last.year if beyond else reckoned.year
        soon = "放假通知公布后" if beyond else "请改早日期或缩短期限,或在放假通知公布后"
        allowed = f"{what},须有{year}年全年的放假安排;{soon}按通知改写 {CALENDAR}"
        yield Mistake(CALENDAR, "published_until", str(until), allowed, write=decree(corrections, year))
    yield from unlisted(corrections, draft["year"])


def most_workdays(draft: Draft) -> int:
    """The longest of the gates' and the revision's time."""
    gates: tuple[GatePlan, ...] = draft.get("gates", ())
    revising: int = draft.get("revision_workdays", 0)
    return max([0, revising, *(gate.workdays for gate in gates)])


def last_reckoned(calendar: Calendar, last: date, most: int) -> date:
    """The last day that has to be known: what begins on the last day of all may take so many working days."""
    end = add_workdays(replace(calendar, published_until=date.max), last, most)
    return end if isinstance(end, date) else date.max


STAGE_OF: Mapping[str, str] = {
    "desk_review": "verification",
    "second_review": "verification",
    "reconciliation": "verification",
    "recognition": "verification",
    "recommendation": "recommendation",
    "award": "award",
}
"""The stage in which each gate must be answered."""

ONE_AFTER_THE_OTHER = ("desk_review", "recognition")


def check_gate_room(draft: Draft) -> Mistakes:
    """A gate that opens on the first day of its stage can be answered by its last."""
    stages = {stage.name: stage for stage in draft["stages"] if stage.weekend in DIRECTIONS}
    for n, gate in enumerate(draft["gates"]):
        stage = stages.get(STAGE_OF.get(gate.name, ""))
        late = ends_late(stage, gate.workdays, draft["calendar"]) if stage else None
        if stage and late:
            allowed = f"从“{stage.title}”开始日{stage.opens}起要到{late},晚于其截止日{stage.due}"
            yield Mistake("gates.yaml", f"gates[{n}].workdays", str(gate.workdays), allowed)


def hint_tight_verification(draft: Draft) -> Mistakes:
    """Review, visit and recognition, each taking all its days, one after the other."""
    for n, stage in enumerate(draft["stages"]):
        if stage.name != "verification" or stage.weekend not in DIRECTIONS:
            continue
        gates = [gate.workdays for gate in draft["gates"] if gate.name in ONE_AFTER_THE_OTHER]
        late = ends_late(stage, sum(gates) + draft["visit_workdays"], draft["calendar"])
        if late:
            allowed = f"初审、现场核查、认定依次用满期限要到{late};请缩短期限,或督促提前办结"
            yield Mistake("campaign.yaml", f"stages[{n}].due", str(stage.due), allowed)


def ends_late(stage: StagePlan, workdays: int, calendar: Calendar) -> date | None:
    """When so many working days from the stage's opening end, if that is after its due date."""
    due = settle(calendar, stage.due, stage.weekend)
    end = add_workdays(calendar, stage.opens, max(workdays, 0))
    if isinstance(due, Refused) or isinstance(end, Refused) or stage.due < stage.opens:
        return None
    return end if end > due else None
