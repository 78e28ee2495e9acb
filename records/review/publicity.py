"""Publicity: what is made public now, and who objects to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.publicity import PublicityRow, PublicObjectionRow


def place_of(gate_id: int) -> str:
    """Where the sealed name of somebody who objects belongs."""
    return f"public_objection:{gate_id}"


def publicity_of(session: Session, gate_id: int) -> PublicityRow | None:
    return session.get(PublicityRow, gate_id)


def publicities(session: Session, campaign_id: str) -> list[PublicityRow]:
    """All of a campaign's, in order of village and of time."""
    mine = select(PublicityRow).where(PublicityRow.campaign_id == campaign_id)
    return list(session.scalars(mine.order_by(PublicityRow.village_code, PublicityRow.gate_id)))


def running(session: Session, campaign_id: str) -> list[PublicityRow]:
    """Those that have not ended."""
    mine = select(PublicityRow).where(
        PublicityRow.campaign_id == campaign_id, PublicityRow.ended_at.is_(None)
    )
    return list(session.scalars(mine.order_by(PublicityRow.gate_id)))


def run_out(session: Session, campaign_id: str, now: datetime) -> list[PublicityRow]:
    """Those whose last day is over and that have not ended."""
    return [row for row in running(session, campaign_id) if row.closes_at < now]


def objections_to(session: Session, gate_ids: Sequence[int]) -> list[PublicObjectionRow]:
    """Objections to these recognitions, in the order in which they came."""
    mine = select(PublicObjectionRow).where(PublicObjectionRow.gate_id.in_(gate_ids))
    return list(session.scalars(mine.order_by(PublicObjectionRow.id)))
