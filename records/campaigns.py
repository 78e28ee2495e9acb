"""Campaigns: which are under way."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import CampaignRow


def open_campaigns(session: Session) -> list[str]:
    """The ids of all campaigns that are not closed."""
    return list(session.scalars(select(CampaignRow.id).where(CampaignRow.closed_at.is_(None))))


def every_campaign(session: Session) -> list[str]:
    """The ids of all campaigns, closed ones too, in the order in which they were opened."""
    return list(session.scalars(select(CampaignRow.id).order_by(CampaignRow.opened_at, CampaignRow.id)))


def is_known(session: Session, campaign_id: str) -> bool:
    """Whether a campaign was ever opened here, whatever became of it."""
    return session.get(CampaignRow, campaign_id) is not None
