"""Campaigns: which are under way."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import CampaignRow


def open_campaigns(session: Session) -> list[str]:
    """The ids of all campaigns that are not closed."""
    return list(session.scalars(select(CampaignRow.id).where(CampaignRow.closed_at.is_(None))))
