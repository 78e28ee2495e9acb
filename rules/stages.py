"""The dates of the notice: when a stage is due, when it locks, what is late, which chains cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from rules.calendars import Calendar, add_workdays, settle
from rules.campaign import Campaign, StagePlan
from rules.refusals import Refused


def due_of(campaign: Campaign, stage_name: str, calendar: Calendar) -> date | Refused:
    """The day by whose end the stage is due, moved off a rest day as the stage says."""
    stage = campaign.stage(stage_name)
    return settle(calendar, stage.due, stage.weekend)


def lock_of(campaign: Campaign, stage_name: str, calendar: Calendar) -> date | Refused:
    """The day after whose end nothing is taken any more: the due date and the days of grace."""
    due = due_of(campaign, stage_name, calendar)
    grace = timedelta(days=campaign.stage(stage_name).grace_days)
    return due if isinstance(due, Refused) else due + grace


def stages_over(campaign: Campaign, *, now: datetime) -> tuple[str, ...]:
    """Titles of the stages whose due day has ended before ``now``."""
    return tuple(plan.title for plan in campaign.stages if campaign.end_of(plan.due) < now)


def is_late(received: datetime, due_at: datetime) -> bool:
    """Whether ``received`` lies after ``due_at``; the last second belongs to the day until it ends."""
    return received.replace(microsecond=0) > due_at


def is_locked(now: datetime, lock_at: datetime) -> bool:
    """Whether the lock date has passed: nothing is taken without a recorded extension."""
    return is_late(now, lock_at)


def check_dates(campaign: Campaign, calendar: Calendar) -> tuple[str, ...]:
    """A sentence for every link of the campaign's chain of dates that cannot be kept."""
    settled = {stage.name: due_of(campaign, stage.name, calendar) for stage in campaign.stages}
    refused = [due.reason for due in settled.values() if isinstance(due, Refused)]
    if refused:
        return tuple(refused)
    dues = {name: due for name, due in settled.items() if isinstance(due, date)}
    return (
        *late_openings(campaign, dues),
        *broken_links(campaign, dues),
        *short_reviews(campaign, dues, calendar),
    )


def late_openings(campaign: Campaign, dues: Mapping[str, date]) -> Iterator[str]:
    for stage in campaign.stages:
        due = dues[stage.name]
        if stage.opens > due:
            yield f"“{stage.title}”{stage.opens}才开始，晚于截止日{due}。请提前开始日或推后截止日。"


def broken_links(campaign: Campaign, dues: Mapping[str, date]) -> Iterator[str]:
    for stage, following in pairwise(campaign.stages):
        yield from broken_link(stage, following, dues)


def broken_link(stage: StagePlan, following: StagePlan, dues: Mapping[str, date]) -> Iterator[str]:
    due, next_due = dues[stage.name], dues[following.name]
    lock = due + timedelta(days=stage.grace_days)
    if due >= next_due:
        yield f"“{stage.title}”截止日{due}不早于“{following.title}”截止日{next_due}。请调整两个阶段的日期。"
    elif lock >= next_due:
        yield f"“{stage.title}”宽限到{lock}，“{following.title}”{next_due}就截止。请缩短宽限天数。"


def short_reviews(campaign: Campaign, dues: Mapping[str, date], calendar: Calendar) -> Iterator[str]:
    """Corrections and visits start after the submission and must end within the verification."""
    if not {"submission", "verification"} <= dues.keys():
        return
    start, last = dues["submission"], dues["verification"]
    for title, n in (("补正", campaign.correction_workdays), ("现场核查", campaign.visit_workdays)):
        end = add_workdays(calendar, start, n)
        if isinstance(end, Refused):
            yield end.reason
        elif end > last:
            yield f"{title}需要{n}个工作日，从{start}起要到{end}，晚于认定截止日{last}。请缩短期限。"
