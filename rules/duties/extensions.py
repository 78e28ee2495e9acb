"""What an extension costs: which steps move, how many working days stay, what cannot be kept any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from rules.campaign.calendar import (
    ONE_DAY,
    Calendar,
    add_workdays,
    last_workday_on_or_before,
    refuse_unpublished,
    workdays_between,
)
from rules.campaign.campaign import Campaign
from rules.campaign.deadlines import due_of
from rules.refusals import Refused

T = TypeVar("T")

VERIFYING = ("desk_review", "visit", "recognition")

AFTER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "survey": ("submission", ("dossier",)),
    "dossier": ("verification", VERIFYING),
    "paper": ("verification", VERIFYING),
    "correction": ("verification", VERIFYING),
    "desk_review": ("verification", VERIFYING[1:]),
    "visit": ("verification", VERIFYING[2:]),
    "signature": ("verification", VERIFYING[2:]),
    "objection": ("verification", ()),
    "second_review": ("verification", VERIFYING[2:]),
    "reconciliation": ("verification", VERIFYING[2:]),
    "recognition": ("verification", ()),
    "recommendation": ("recommendation", ()),
    "award": ("award", ()),
    "recommendation_revision": ("recommendation", ("recommendation",)),
    "award_revision": ("award", ("award",)),
}
"""What is extended (a duty's kind, a gate's name, a list's revision) -> the stage whose due date must still be
kept, and the steps that must follow one after another within it, each of which takes a working day at the least."""


def is_extendable(what: str) -> bool:
    """Whether it is known what has to follow; whatever no step waits for has no date to move."""
    return what in AFTER


TITLES = {"dossier": "申报材料", "visit": "现场核查"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step that follows: the day it ends if every step takes all its days, before and after the move."""

    title: str
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class Price:
    """The chain recomputed. ``workdays_before`` and ``workdays_left`` are those within the limit."""

    steps: tuple[Step, ...]
    limit_title: str
    limit: date
    workdays_before: int
    workdays_left: int
    earliest_end: date
    """When the last step ends if each takes one working day."""
    latest_safe: date
    """The latest date to which the chain can still be kept."""
    infeasible: tuple[str, ...]
    """A sentence for each promise that cannot be kept any more; empty when all can."""


def price(campaign: Campaign, calendar: Calendar, *, what: str, before: date, after: date) -> Price | Refused:
    """What moving the date of ``what`` from ``before`` to ``after`` costs; refused beyond the calendar."""
    stage_name, names = AFTER[what]
    opens, limit = campaign.stage(stage_name).opens, due_of(campaign, stage_name, calendar)
    ends = chain(campaign, calendar, names, max(after, opens))
    refused = refuse_guess(calendar, before=before, after=after, limit=limit, ends=ends)
    if refused:
        return refused
    first, moved, last = max(before, opens), max(after, opens), known(limit)
    following = len(names) + public_days(campaign, stage_name)
    earliest = known(add_workdays(calendar, moved, following))
    ends_before = known(chain(campaign, calendar, names, first))
    return Price(
        steps=tuple(map(Step, (title_of(campaign, name) for name in names), ends_before, known(ends))),
        limit_title=campaign.stage(stage_name).title,
        limit=last,
        workdays_before=known(workdays_between(calendar, first, last)),
        workdays_left=known(workdays_between(calendar, moved, last)),
        earliest_end=earliest,
        latest_safe=latest_start(calendar, last, following),
        infeasible=broken_promises(campaign, stage_name, earliest, last),
    )


def kept_day(
    campaign: Campaign, calendar: Calendar, *, what: str, today: date, workdays: int
) -> date | Refused:
    """When ``what`` is due, so many working days from ``today``: not behind the last working day from which all that
    follows can still be kept. Where that day is over, or beyond the calendar, it takes all its days."""
    usual = add_workdays(calendar, today, workdays)
    stage_name, names = AFTER[what]
    limit = due_of(campaign, stage_name, calendar)
    if isinstance(usual, Refused) or isinstance(limit, Refused) or limit > calendar.published_until:
        return usual
    following = len(names) + public_days(campaign, stage_name)
    last = known(last_workday_on_or_before(calendar, latest_start(calendar, limit, following)))
    return min(usual, last) if last >= today else usual


def public_days(campaign: Campaign, stage_name: str) -> int:
    """The working days of publicity that a stage has to leave room for at its end."""
    return campaign.publicity_workdays if stage_name == "verification" else 0


def refuse_guess(
    calendar: Calendar, *, before: date, after: date, limit: date | Refused, ends: list[date] | Refused
) -> Refused | None:
    """No price for a move backwards, nor for one that the published calendar does not cover."""
    if after <= before:
        return Refused("not_later", f"延期后的日期{after}必须晚于原截止日期{before}。")
    unknown = next((one for one in (limit, ends) if isinstance(one, Refused)), None)
    if unknown is None and known(limit) > calendar.published_until:
        return refuse_unpublished(calendar, known(limit))
    return unknown


def known(value: T | Refused) -> T:
    """A value of which ``refuse_guess`` has made sure that the calendar covers it."""
    assert not isinstance(value, Refused), value.reason
    return value


def chain(campaign: Campaign, calendar: Calendar, names: Iterable[str], start: date) -> list[date] | Refused:
    """The day on which each step ends when every step takes all its working days."""
    ends: list[date] = []
    for name in names:
        end = add_workdays(calendar, ends[-1] if ends else start, allowance(campaign, name))
        if isinstance(end, Refused):
            return end
        ends.append(end)
    return ends


def latest_start(calendar: Calendar, limit: date, steps: int) -> date:
    """The latest day after which ``steps`` working days are still left up to ``limit``."""
    if not steps:
        return limit
    last = known(last_workday_on_or_before(calendar, limit))
    return known(add_workdays(calendar, last, 1 - steps)) - ONE_DAY


def allowance(campaign: Campaign, name: str) -> int:
    """The working days that the campaign gives a step."""
    if name == "visit":
        return campaign.visit_workdays
    return 1 if name == "dossier" else campaign.gate(name).workdays


def title_of(campaign: Campaign, name: str) -> str:
    return TITLES.get(name) or campaign.gate(name).title


def broken_promises(campaign: Campaign, stage_name: str, earliest: date, limit: date) -> tuple[str, ...]:
    """What cannot be kept when the last step ends on ``earliest``, in the order of the dates."""
    if earliest <= limit:
        return ()
    stage = campaign.stage(stage_name)
    broken = [f"“{stage.title}”须于{limit}前完成，按此延期最早要到{earliest}。"]
    if stage_name != "verification":
        return tuple(broken)
    following = campaign.stage("recommendation")
    broken.append(f"该社区(村)只能转入补充名单，单独办理，赶不上{following.due}前的“{following.title}”。")
    return tuple(broken)
