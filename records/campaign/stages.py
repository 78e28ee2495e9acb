"""Stages: in their order, the one under way, and whether all are over."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.campaign import StageRow


def stages_in_order(session: Session, campaign_id: str) -> list[StageRow]:
    wanted = select(StageRow).where(StageRow.campaign_id == campaign_id).order_by(StageRow.opens_at)
    return list(session.scalars(wanted))


def all_closed(session: Session, campaign_id: str) -> bool:
    return all(stage.state == "closed" for stage in stages_in_order(session, campaign_id))
