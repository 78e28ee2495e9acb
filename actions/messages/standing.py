"""Whether a message still stands when it goes out: what asks for something is held against the duty it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions.duties.holders import day_of
from actions.duties.posting import dates_of, missing_of, named, reasons_of
from notifications.catalog import ASKING, REPEATED
from notifications.wording import DUE_ON, day_text
from records import outbox
from records.store import Session
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign

LONG = timedelta(days=1)
"""A message that goes out later than this after it was written says so."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Why a message does not go out any more; it is kept with this reason."""

    why: str
    within: Mapping[int, str] = field(default_factory=dict)
    """Of a digest: why each of its messages does not."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a message says when it goes out now, and what its reader is told first, if it comes late."""

    facts: Mapping[str, object]
    note: str = ""


def standing_of(
    session: Session, campaign: Campaign, row: OutboxRow, *, now: datetime
) -> Standing | Overtaken:
    """The facts of a message as they are now; receipts, decisions and news stay as they were written."""
    belated = _belated(campaign, row, now)
    owed = owed_in(session, row)
    if row.template not in ASKING or not owed:
        return Standing(row.facts, belated)
    live = [duty for duty in owed if duty.state == "open"]
    mine = [duty for duty in live if duty.person_id == row.person_id]
    why = _why_overtaken(session, row, live=live, mine=mine, now=now)
    if why:
        return Overtaken(why)
    asked = mine if row.facts.get(outbox.TO_HOLDER) else live
    passed = day_text(day_of(campaign, asked[0].due_at)) if now > asked[0].due_at else ""
    late = f"原定期限{passed}已过，请尽快办理。" if passed and not row.template.endswith("_late") else ""
    return Standing({**row.facts, **_as_now(campaign, row, asked, now)}, f"{belated}{late}")


def owed_in(session: Session, row: OutboxRow) -> list[DutyRow]:
    """The duties of which a message speaks."""
    found = [session.get(DutyRow, one) for one in row.facts.get(outbox.DUTIES, ())]
    return [duty for duty in found if duty is not None]


def _belated(campaign: Campaign, row: OutboxRow, now: datetime) -> str:
    written = max(row.written_at, row.not_before)
    return (
        f"本邮件写于{day_text(day_of(campaign, written))}，因邮件发送中断迟到。"
        if now - written > LONG
        else ""
    )


def _why_overtaken(
    session: Session, row: OutboxRow, *, live: Sequence[DutyRow], mine: Sequence[DutyRow], now: datetime
) -> str:
    """Empty for a message that still asks the right person for what is still owed."""
    if not session.get_one(PersonRow, row.person_id).active:
        return "收件人的账号已停用。"
    if not live:
        return "所说的事项已经了结。"
    if row.facts.get(outbox.TO_HOLDER) and not mine:
        return "所说的事项已转交他人。"
    if row.facts.get(outbox.GENERATION, live[0].generation) != live[0].generation:
        return "期限已变动，届时按新的期限另行提醒。"
    if row.template in REPEATED and _is_said_again(session, row, live, now):
        return "同一事项已有更新的提醒。"
    return ""


def _is_said_again(session: Session, row: OutboxRow, live: Sequence[DutyRow], now: datetime) -> bool:
    """Whether a later reminder to the same reader speaks of all that this one still speaks of."""
    kind, wanted = row.template.rpartition("_")[0], {duty.id for duty in live}
    templates = [f"{kind}_reminder", f"{kind}_late"]
    later = outbox.later_to(session, row, templates=templates, now=now)
    return any(wanted <= set(one.facts.get(outbox.DUTIES, ())) for one in later)


def _as_now(campaign: Campaign, row: OutboxRow, asked: Sequence[DutyRow], now: datetime) -> dict[str, object]:
    """Dates, days late and what is missing, as they are now, of what the message has such facts about."""
    late = (day_of(campaign, now) - day_of(campaign, asked[0].due_at)).days
    fresh: dict[str, object] = {
        **dates_of(campaign, asked[0]),
        **named(asked),
        "missing": missing_of(asked),
        "reasons": reasons_of(asked),
        "late_days": max(late, 1),
    }
    return {name: value for name, value in fresh.items() if name in row.facts or name == DUE_ON}
