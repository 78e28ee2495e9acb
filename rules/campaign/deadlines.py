"""The dates of the notice: when a stage is due, when it locks, what is late, which chains cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from rules.campaign.calendar import Calendar, add_workdays, refuse_unpublished, settle
from rules.campaign.campaign import Campaign, StagePlan
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


VISIT_AND_RECOGNITION = 2
"""Working days, one each."""


@dataclass(frozen=True, slots=True)
class Unkept:
    """A date or a number of days that cannot be kept: its key in the configuration, and why in Chinese."""

    key: str
    value: str
    reason: str


def check_dates(campaign: Campaign, calendar: Calendar) -> tuple[Unkept, ...]:
    """Every link of the campaign's chain of dates that cannot be kept."""
    settled = {stage.name: due_of(campaign, stage.name, calendar) for stage in campaign.stages}
    refused = [
        Unkept(due_key(campaign, name), str(campaign.stage(name).due), due.reason)
        for name, due in settled.items()
        if isinstance(due, Refused)
    ]
    if refused:
        return tuple(refused)
    dues = {name: due for name, due in settled.items() if isinstance(due, date)}
    return (
        *beyond_the_calendar(campaign, dues, calendar),
        *late_openings(campaign, dues),
        *broken_links(campaign, dues),
        *short_reviews(campaign, dues, calendar),
        *no_room_for_publicity(campaign, dues, calendar),
    )


def due_key(campaign: Campaign, stage_name: str) -> str:
    """Where the due date of a stage stands in ``campaign.yaml``."""
    return f"stages[{[stage.name for stage in campaign.stages].index(stage_name)}].due"


def beyond_the_calendar(campaign: Campaign, dues: Mapping[str, date], calendar: Calendar) -> Iterator[Unkept]:
    """A due date that is kept on a rest day never asks the calendar, but the reminders before it do."""
    for name, due in dues.items():
        if due > calendar.published_until:
            yield Unkept(due_key(campaign, name), str(due), refuse_unpublished(calendar, due).reason)


def late_openings(campaign: Campaign, dues: Mapping[str, date]) -> Iterator[Unkept]:
    for stage in campaign.stages:
        due = dues[stage.name]
        if stage.opens > due:
            reason = f"“{stage.title}”{stage.opens}才开始，晚于截止日{due}。请提前开始日或推后截止日。"
            yield Unkept(due_key(campaign, stage.name), str(stage.due), reason)


def broken_links(campaign: Campaign, dues: Mapping[str, date]) -> Iterator[Unkept]:
    for stage, following in pairwise(campaign.stages):
        for reason in broken_link(stage, following, dues):
            yield Unkept(due_key(campaign, stage.name), str(stage.due), reason)


def broken_link(stage: StagePlan, following: StagePlan, dues: Mapping[str, date]) -> Iterator[str]:
    """In Chinese, why a stage does not end before the next one does."""
    due, next_due = dues[stage.name], dues[following.name]
    lock = due + timedelta(days=stage.grace_days)
    if due >= next_due:
        yield f"“{stage.title}”截止日{due}不早于“{following.title}”截止日{next_due}。请调整两个阶段的日期。"
    elif lock >= next_due:
        yield f"“{stage.title}”宽限到{lock}，“{following.title}”{next_due}就截止。请缩短宽限天数。"


def short_reviews(campaign: Campaign, dues: Mapping[str, date], calendar: Calendar) -> Iterator[Unkept]:
    """Corrections and visits start after the submission and must end within the verification."""
    if not {"submission", "verification"} <= dues.keys():
        return
    start, last = dues["submission"], dues["verification"]
    for key, title in (("correction_workdays", "补正"), ("visit_workdays", "现场核查")):
        n: int = getattr(campaign, key)
        end = add_workdays(calendar, start, n)
        if isinstance(end, Refused):
            yield Unkept(key, str(n), end.reason)
        elif end > last:
            reason = f"{title}需要{n}个工作日，从{start}起要到{end}，晚于认定截止日{last}。请缩短期限。"
            yield Unkept(key, str(n), reason)


def no_room_for_publicity(
    campaign: Campaign, dues: Mapping[str, date], calendar: Calendar
) -> Iterator[Unkept]:
    """From the last dossier a review with all its days, a visit and a recognition of a day each, and the publicity
    end by the verification's date; else what the dates would have to be."""
    if not campaign.publicity_workdays or not {"submission", "verification"} <= dues.keys():
        return
    reviewing = campaign.gate("desk_review").workdays if campaign.asks("desk_review") else 1
    needed = reviewing + VISIT_AND_RECOGNITION + campaign.publicity_workdays
    start, last = dues["submission"], dues["verification"]
    end, latest = add_workdays(calendar, start, needed), add_workdays(calendar, last, -needed)
    days = str(campaign.publicity_workdays)
    if isinstance(end, Refused):
        yield Unkept("publicity_workdays", days, end.reason)
    elif end > last:
        reason = (
            f"初审、核查、认定后再公示{days}个工作日，从{start}起要到{end}，晚于核查认定截止日{last}。"
            f"请把核查认定截止日推后到{end}或以后，或把汇总上报截止日提前到{latest}或以前，或不公示(0)。"
        )
        yield Unkept("publicity_workdays", days, reason)
