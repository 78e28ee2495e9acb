"""Quiet hours: what can wait until they end waits, unless what it speaks of would be over by then."""

from __future__ import annotations

from datetime import date, datetime

from actions.messages.standing import owed_in
from notifications.catalog import AT_ANY_HOUR
from notifications.wording import DUE_ON
from records import audit, outbox
from records.store import Session, Store, repeatable
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.duties.quiet import OFF, are_hours, quiet_until
from rules.refusals import Refused


def waits_until(session: Session, campaign: Campaign, row: OutboxRow, *, at: datetime) -> datetime | None:
    """Until when a message waits that would go out at ``at``; None: it goes."""
    if row.template in AT_ANY_HOUR or row.facts.get(outbox.ASKED_FOR):
        return None
    person = session.get_one(PersonRow, row.person_id)
    until = quiet_until(person.quiet_hours, campaign.quiet_hours, at=at, zone=campaign.zone)
    if until is None or any(moment <= until for moment in _ends(session, campaign, row)):
        return None
    return until


def _ends(session: Session, campaign: Campaign, row: OutboxRow) -> list[datetime]:
    """When that is over of which a message speaks: before that it has to be read."""
    named = row.facts.get(DUE_ON)
    ends = [campaign.end_of(date.fromisoformat(str(named)))] if named else []
    told = outbox.gathered_in(session, row.key) if row.template == outbox.DIGEST else [row]
    return [*ends, *(duty.due_at for one in told for duty in owed_in(session, one) if duty.state == "open")]


@repeatable
def set_quiet_hours(store: Store, *, person_id: str, hours: str, now: datetime) -> Refused | None:
    """One's own quiet hours: two moments of a day, none at all, or empty for those of the county."""
    if hours not in ("", OFF) and not are_hours(hours):
        return Refused("no_hours", "请填写免打扰时段的开始和结束时刻，两者不能相同，例如21:00到次日7:30。")
    with store.writing() as session:
        session.get_one(PersonRow, person_id).quiet_hours = hours
        audit.note(
            session,
            at=now,
            actor=person_id,
            act="set_quiet_hours",
            subject=f"person:{person_id}",
            facts={"hours": hours},
        )
    return None
