"""Asking somebody for what they owe: at once, or with all else in the day's digest, as the ladder says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from actions.duties.posting import missing_of, named, post_about
from actions.lookup import calendar_of
from records import outbox
from records.store import Session
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign, Ladder
from rules.duties.digests import digest_moment

SAME_LADDER = {
    "revision": "gate",
    "calendar": "gate",
    "accounts": "gate",
    "signature": "visit",
    "objection": "gate",
}
"""Kinds of duty that are reminded of like another kind."""


def ladder_of(session: Session, campaign: Campaign, duty: DutyRow) -> Ladder:
    if duty.kind == "gate":
        gate = session.get_one(GateRow, duty.facts["gate_id"])
        return campaign.ladder(campaign.gate(gate.name).ladder)
    return campaign.ladder(dict(campaign.duty_ladders)[SAME_LADDER.get(duty.kind, duty.kind)])


def ask_about(
    session: Session,
    campaign: Campaign,
    duty: DutyRow,
    *,
    template: str,
    key: str,
    now: datetime,
    person_id: str = "",
    facts: Mapping[str, object] | None = None,
) -> bool:
    """Put what asks for something into the outbox, or into the digest of whoever reads it; one per key."""
    to = person_id or duty.person_id
    moment = _moment(session, campaign, duty, now=now) if to == duty.person_id else None
    digest = (
        outbox.digest_of(session, campaign_id=campaign.id, person_id=to, moment=moment, at=now)
        if moment is not None
        else None
    )
    return post_about(
        session,
        campaign,
        duty,
        template=template,
        key=key,
        now=now,
        person_id=to,
        facts=facts,
        digest=digest,
        not_before=moment if digest else None,
    )


def ask_for_all(
    session: Session, campaign: Campaign, duties: Sequence[DutyRow], *, template: str, key: str, now: datetime
) -> None:
    """One message to each of their holders for duties that are due together."""
    by_holder = sorted(duties, key=lambda duty: duty.person_id)
    for _, mine in groupby(by_holder, key=lambda duty: duty.person_id):
        told = list(mine)
        ask_about(session, campaign, told[0], template=template, key=key, now=now, facts=told_of(told))


def told_of(duties: Sequence[DutyRow]) -> dict[str, object]:
    """What a message says that speaks of several duties at once."""
    return {**named(duties), "missing": missing_of(duties), outbox.DUTIES: [duty.id for duty in duties]}


def _moment(session: Session, campaign: Campaign, duty: DutyRow, *, now: datetime) -> datetime | None:
    ladder = ladder_of(session, campaign, duty)
    if not ladder.digest_at:
        return None
    calendar = calendar_of(session, campaign.id)
    return digest_moment(ladder, due_at=duty.due_at, calendar=calendar, zone=campaign.zone, now=now)
