"""What the system will say if nobody does anything: it is played on a copy, so it is what will be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.campaign.lifecycle import open_campaign
from actions.lookup import campaign_of
from actions.messages.preview import text_for
from actions.messages.quiet import waits_until
from actions.overview.simulation import tick
from actions.runs.tick import next_instant
from notifications.catalog import MESSAGES
from records.copies.dump import rows_of
from records.copies.sandbox import sandbox
from records.outbox import unsent
from records.review.blindness import sealed_names
from records.store import Session, Store
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import ROLES, Campaign
from rules.refusals import Refused

FARTHEST = timedelta(days=14)
"""So far ahead the forecast may be asked for on its page."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A message to come: when, to whom, by which template, about what."""

    at: datetime
    key: str
    """By which the message is known before it is written, and for ever after."""
    template: str
    title: str
    person_id: str
    person: str
    role_title: str
    about: str
    text: str
    """As it would be sent, with its secrets masked."""


def forecast(
    store: Store, *, campaign_id: str, now: datetime, until: datetime, reader: str = ""
) -> list[Foreseen]:
    """Every message that would go out after ``now`` up to ``until``, in order; those that wait now first.

    What ``reader``, or anybody where none is named, must not know of a first review yet is left out.

    Uploads that wait for their checks are left waiting, and so is whatever people might do.
    """
    with store.reading() as session:
        sealed = sealed_names(session, reader)
        sent_already = {row.id for row in rows_of(session, OutboxRow)} - {row.id for row in unsent(session)}
    with sandbox(store) as copy:
        _play(copy, campaign_id, now, until)
        with copy.reading() as session:
            return [
                _foreseen(session, row, now, text_for(session, row, sealed=sealed, reader=reader))
                for row in _to_come(session, campaign_id, until)
                if row.id not in sent_already
            ]


def row_to_come(store: Store, *, campaign_id: str, key: str, now: datetime) -> OutboxRow | None:
    """One message of the forecast as it will be written, or as it waits; None where none of this key comes."""
    until = now + FARTHEST
    with sandbox(store) as copy:
        _play(copy, campaign_id, now, until)
        with copy.reading() as session:
            coming = (row for row in _to_come(session, campaign_id, until) if row.state == "waiting")
            return next((row for row in coming if row.key == key), None)


def _to_come(session: Session, campaign_id: str, until: datetime) -> list[OutboxRow]:
    """In the order in which they go out; what a digest tells goes with it."""
    mine = (row for row in rows_of(session, OutboxRow) if row.campaign_id == campaign_id)
    coming = [row for row in mine if row.state != "gathered" and row.not_before <= until]
    return sorted(coming, key=lambda row: (row.not_before, row.id))


def foresee_opening(
    store: Store, *, campaign: Campaign, calendar: Calendar, by: str, now: datetime, until: datetime
) -> list[Foreseen] | Refused:
    """What opening a campaign would send up to ``until``, or why it cannot be opened; nothing is opened."""
    with sandbox(store) as copy:
        done = open_campaign(copy, campaign=campaign, calendar=calendar, by=by, now=now)
        if isinstance(done, Refused):
            return done
        return forecast(copy, campaign_id=done, now=now, until=until)


def _play(copy: Store, campaign_id: str, now: datetime, until: datetime) -> None:
    for moment in _moments(copy, campaign_id, now, until):
        tick(copy, campaign_id=campaign_id, now=moment)


def _moments(copy: Store, campaign_id: str, now: datetime, until: datetime) -> Iterator[datetime]:
    """``now``, then each next instant of the calendar as it stands after the one before."""
    moment: datetime | None = now
    while moment is not None and moment <= until:
        yield moment
        with copy.reading() as session:
            moment = next_instant(session, campaign_id, after=moment)


def _foreseen(session: Session, row: OutboxRow, now: datetime, text: str) -> Foreseen:
    person = session.get_one(PersonRow, row.person_id)
    at = max(row.not_before, now)
    return Foreseen(
        key=row.key,
        at=waits_until(session, campaign_of(session, row.campaign_id), row, at=at) or at,
        template=row.template,
        title=MESSAGES[row.template][0],
        person_id=person.id,
        person=person.name,
        role_title="、".join(ROLES[role] for role in person.roles),
        about=_about(row),
        text=text,
    )


def _about(row: OutboxRow) -> str:
    """The gate and its subject, or the town and its village, or what is missing there."""
    facts = row.facts
    if "gate" in facts:
        return f"{facts['gate']} {facts.get('subject', '')}"
    where = facts.get("village") or "、".join(facts.get("missing", []))
    return " ".join(one for one in (facts.get("town", ""), where, facts.get("stage", "")) if one)
