"""The head of the audit log goes to offices outside this machine each day: what a rewritten log is found by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from actions.lookup import campaign_of
from records import audit, outbox
from records.campaign.campaigns import current_campaign
from records.people import people
from records.store import Session, Store, repeatable

READERS = ("auditor", "coordinator")
"""In whose name an office is written to, the first of them that there is."""


@repeatable
def post_head(store: Store, *, offices: Sequence[str], now: datetime) -> int:
    """Length and head once a day to each office; how many messages. Before the first campaign nobody is written to."""
    with store.writing() as session:
        campaign_id, reader = current_campaign(session), _reader(session)
        if campaign_id is None or reader is None:
            return 0
        day = now.astimezone(campaign_of(session, campaign_id).zone).date().isoformat()
        facts = _facts(session, day)
        return sum(
            outbox.post(
                session,
                key=f"{campaign_id}:audit_head:{day}:{office}",
                campaign_id=campaign_id,
                template="audit_head",
                person_id=reader,
                facts={**facts, outbox.ADDRESS: office},
                at=now,
            )
            for office in offices
        )


def _reader(session: Session) -> str | None:
    return next((one.id for role in READERS for one in people.with_role(session, role)), None)


def _facts(session: Session, day: str) -> dict[str, object]:
    length, head = audit.length_and_head(session)
    return {"day": day, "length": length, "head": " ".join(re.findall(".{8}", head))}
