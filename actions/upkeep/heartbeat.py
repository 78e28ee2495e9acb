"""The portal's heartbeat: what lies between two of them that are far apart was an outage, and is noted and told."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.campaign.outages import waiting
from actions.lookup import campaign_of
from records import audit, clock, outbox
from records.campaign.campaigns import open_campaigns
from records.duties.outages import beat_at
from records.people import people
from records.store import Session, Store, repeatable
from records.tables.duties import OutageRow
from rules.duties.outages import Outage, in_words, is_outage


@repeatable
def beat(store: Store, *, now: datetime, ran: timedelta | None) -> bool:
    """The portal is at work; whether an outage has ended with this. ``ran`` as in ``is_outage``.

    A rehearsal's clock jumps from day to day: there is nothing to measure.
    """
    with store.writing() as session:
        if clock.is_simulated(session):
            return False
        before = beat_at(session, now)
        if before is None or not is_outage(now - before, ran=ran):
            return False
        row = OutageRow(began_at=before, ended_at=now)
        session.add(row)
        session.flush()
        facts = {"began": before.isoformat(), "ended": now.isoformat()}
        audit.note(
            session, at=now, actor="system", act="note_outage", subject=f"outage:{row.id}", facts=facts
        )
        _tell(session, row, now=now)
    return True


def _tell(session: Session, row: OutageRow, *, now: datetime) -> None:
    """The coordinators of every campaign in which towns lost time before a due date."""
    for campaign_id in open_campaigns(session):
        found = [one for one in waiting(session, campaign_id) if one.outage_id == row.id]
        if not found:
            continue
        zone = campaign_of(session, campaign_id).zone
        facts = {"when": in_words(Outage(row.began_at, row.ended_at), zone), "number": found[0].duties}
        for person in people.with_role(session, "coordinator"):
            outbox.post(
                session,
                key=f"{campaign_id}:outage:{row.id}:{person.id}",
                campaign_id=campaign_id,
                template="portal_outage",
                person_id=person.id,
                facts=facts,
                at=now,
            )
