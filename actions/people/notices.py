"""Notices of what changed about a decider: to the person, to the address they had, and to every auditor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from records import outbox
from records.campaign.campaigns import current_campaign
from records.people import people
from records.store import Session
from records.tables.people import PersonRow


def tell_changed(
    session: Session, person_id: str, *, what: str, by: str, old_address: str, now: datetime
) -> None:
    """Before the first campaign there is nobody to tell, and no mail that could say it."""
    campaign_id = current_campaign(session)
    if campaign_id is None:
        return
    maker = session.get(PersonRow, by)
    facts = {"what": what, "changed_by": maker.name if maker else by}
    key = f"{campaign_id}:account_changed:{person_id}:{now.isoformat()}"
    if old_address:
        told = {**facts, outbox.ADDRESS: old_address}
        _post(session, campaign_id, person_id, key=f"{key}:old_address", facts=told, now=now)
    for reader in dict.fromkeys([person_id, *(one.id for one in people.with_role(session, "auditor"))]):
        _post(session, campaign_id, reader, key=f"{key}:{reader}", facts=facts, now=now)


def _post(
    session: Session, campaign_id: str, reader: str, *, key: str, facts: Mapping[str, str], now: datetime
) -> None:
    outbox.post(
        session,
        key=key,
        campaign_id=campaign_id,
        template="account_changed",
        person_id=reader,
        facts=facts,
        at=now,
    )
