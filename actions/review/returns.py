"""Returning a dossier to its town: the items and the day, checked, kept with the decision, told one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.duties.clocks import clocks_of
from actions.lookup import calendar_of, workdays_after
from records.review.return_items import items_of
from records.store import Session
from records.tables.campaign import StageRow
from records.tables.review import DecisionRow, GateRow, ReturnItemRow
from rules.campaign.campaign import Campaign
from rules.duties import clocks as clock_rules
from rules.refusals import Refused
from rules.review.gates import OF_A_VILLAGE
from rules.review.returns import (
    ReturnItem,
    Window,
    as_reason,
    correction_window,
    refuse_day,
    refuse_items,
    subjects,
    told,
)

RETURN = "return"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a decision asks of the town: nothing, unless it returns a village's dossier."""

    items: tuple[ReturnItem, ...] = ()
    correct_by: date | None = None
    reason: str = ""


def returns_a_dossier(gate: GateRow, answer: str) -> bool:
    return answer == RETURN and gate.name in OF_A_VILLAGE


def wanted_of(
    campaign: Campaign,
    gate: GateRow,
    *,
    answer: str,
    reason: str,
    items: Sequence[ReturnItem],
    correct_by: date | None,
) -> Wanted:
    """A reason given as free text is an item like the others, and the items together are the reason."""
    if not returns_a_dossier(gate, answer):
        return Wanted(tuple(items), None, reason.strip())
    free = (ReturnItem("", reason.strip()),) if reason.strip() else ()
    whole = tuple(ReturnItem(one.about, one.sentence.strip()) for one in items) + free
    return Wanted(whole, correct_by, as_reason(whole, subjects(campaign)))


def refuse_return(
    session: Session, campaign: Campaign, gate: GateRow, *, answer: str, wanted: Wanted, now: datetime
) -> Refused | None:
    """Why this cannot go to the town with this answer."""
    returning = returns_a_dossier(gate, answer)
    refused = refuse_items(wanted.items, subjects(campaign), returning=returning)
    if returning and refused is None:
        refused = clock_rules.refuse_return(clocks_of(session, campaign, gate.village_code, now=now))
    if refused or wanted.correct_by is None:
        return refused
    window = window_of(session, campaign, now=now)
    if isinstance(window, Refused):
        return window
    return refuse_day(calendar_of(session, campaign.id), window, wanted.correct_by)


def window_of(session: Session, campaign: Campaign, *, now: datetime) -> Window | Refused:
    """Between which days a correction that is asked for now may be due."""
    stage = session.get_one(StageRow, (campaign.id, "verification"))
    return correction_window(
        calendar_of(session, campaign.id),
        now.astimezone(campaign.zone).date(),
        usual=campaign.correction_workdays,
        closes=stage.due_at.astimezone(campaign.zone).date(),
    )


def keep_items(session: Session, decision: DecisionRow, wanted: Wanted) -> None:
    session.add_all(
        ReturnItemRow(decision_id=decision.id, position=position, about=one.about, sentence=one.sentence)
        for position, one in enumerate(wanted.items, 1)
    )


def sentences_of(session: Session, campaign: Campaign, decisions: Sequence[DecisionRow]) -> list[str]:
    """What the town has to put right, one sentence for each item, of all who returned it."""
    titles, items = subjects(campaign), items_of(session, [one.id for one in decisions])
    return [
        sentence
        for decision in decisions
        for sentence in [
            told(ReturnItem(item.about, item.sentence), titles) for item in items.get(decision.id, ())
        ]
        or [decision.reason]
    ]


def day_made_up(
    session: Session, campaign: Campaign, gate: GateRow, decisions: Sequence[DecisionRow], *, now: datetime
) -> tuple[date, int]:
    """When the town has to have corrected, and by how many working days that is later because the bureau was."""
    day = due_day(session, campaign, decisions, now=now)
    due, closed = (one.astimezone(campaign.zone).date() for one in (gate.due_at, gate.closed_at or now))
    return clock_rules.made_up(calendar_of(session, campaign.id), day, late=(due, closed))


def due_day(session: Session, campaign: Campaign, decisions: Sequence[DecisionRow], *, now: datetime) -> date:
    """The latest day that was proposed, if it is still to come; else so many working days from now;
    raises ``BeyondCalendar``."""
    today = now.astimezone(campaign.zone).date()
    proposed = [date.fromisoformat(one.correct_by) for one in decisions if one.correct_by]
    if proposed and max(proposed) > today:
        return max(proposed)
    return workdays_after(session, campaign, now, campaign.correction_workdays)
