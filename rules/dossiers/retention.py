"""How long rosters are kept after their campaign has closed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from rules.campaign.campaign import Campaign

MONTHS_A_YEAR = 12


def kept_until(campaign: Campaign, closed_at: datetime) -> datetime:
    """The last second for which the rosters of a campaign that closed then are kept."""
    return campaign.end_of(
        months_after(closed_at.astimezone(campaign.zone).date(), campaign.retention_months)
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that is too short."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
