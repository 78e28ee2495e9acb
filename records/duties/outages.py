"""Heartbeats of the portal, its outages, and what was answered to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.duties.calls import KINDS
from records.duties.extensions import EXTENDABLE
from records.locks import locked
from records.tables.duties import DutyRow, HeartbeatRow, OutageAnswerRow, OutageRow

PORTAL = "portal"


def beat_at(session: Session, now: datetime) -> datetime | None:
    """Note that the portal is at work; when it was last seen before, None for the first time of all."""
    row = locked(session, HeartbeatRow, PORTAL)
    if row is None:
        session.add(HeartbeatRow(name=PORTAL, seen_at=now))
        return None
    before, row.seen_at = row.seen_at, now
    return before


def last_beat(session: Session) -> datetime | None:
    row = session.get(HeartbeatRow, PORTAL)
    return row.seen_at if row else None


def outages_since(session: Session, opened_at: datetime) -> list[OutageRow]:
    """In the order in which they happened."""
    wanted = select(OutageRow).where(OutageRow.ended_at > opened_at).order_by(OutageRow.id)
    return list(session.scalars(wanted))


def answers_to_outages(session: Session, campaign_id: str) -> dict[int, OutageAnswerRow]:
    """Outage -> what was answered for this campaign."""
    mine = select(OutageAnswerRow).where(OutageAnswerRow.campaign_id == campaign_id)
    return {row.outage_id: row for row in session.scalars(mine)}


def town_duties_to_extend(session: Session, campaign_id: str) -> list[DutyRow]:
    """What towns owe or failed to do, and may be given more time for."""
    mine = (DutyRow.campaign_id == campaign_id) & DutyRow.kind.in_(KINDS) & DutyRow.state.in_(EXTENDABLE)
    return list(session.scalars(select(DutyRow).where(mine).order_by(DutyRow.due_at, DutyRow.key)))
