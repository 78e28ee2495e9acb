"""Campaigns: which are under way, and which ended lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from records.locks import locked_one
from records.tables.campaign import CampaignRow

LATELY = timedelta(days=30)
Opening = tuple[str, datetime, str]
"""Id, opening and version of the rules of a campaign.

By these its frozen text is known without reading it: it has a megabyte for thousands of villages.
"""
OPENING = (CampaignRow.id, CampaignRow.opened_at, CampaignRow.rules_version)


@dataclass(frozen=True, slots=True)
class Flying:
    """A campaign under way, as even an older version wrote it."""

    id: str
    frozen: str
    rules_version: str


def flying(session: Session) -> list[Flying]:
    """Every campaign under way; reads only columns that the first version had."""
    columns = (CampaignRow.id, CampaignRow.frozen, CampaignRow.rules_version)
    wanted = select(*columns).where(CampaignRow.closed_at.is_(None)).order_by(CampaignRow.id)
    return [Flying(*row) for row in session.execute(wanted)]


def lock_campaign(session: Session, campaign_id: str) -> CampaignRow:
    """A campaign as it stands now; rows that refer to it may be written meanwhile."""
    return locked_one(session, CampaignRow, campaign_id)


def lock_campaigns(session: Session) -> None:
    """One after another from here on, whichever campaign they act for: money is held against all years."""
    rows = select(CampaignRow.id).order_by(CampaignRow.id).with_for_update(key_share=True)
    session.execute(rows).all()


def open_campaigns(session: Session) -> list[str]:
    """The ids of all campaigns that are not closed, in order."""
    wanted = select(CampaignRow.id).where(CampaignRow.closed_at.is_(None))
    return list(session.scalars(wanted.order_by(CampaignRow.id)))


def open_since(session: Session) -> datetime | None:
    """When the first of those was opened; None without any."""
    return session.scalar(select(func.min(CampaignRow.opened_at)).where(CampaignRow.closed_at.is_(None)))


def every_campaign(session: Session) -> list[str]:
    """The ids of all campaigns, closed ones too, in the order in which they were opened."""
    return list(session.scalars(select(CampaignRow.id).order_by(CampaignRow.opened_at, CampaignRow.id)))


def is_known(session: Session, campaign_id: str) -> bool:
    """Whether a campaign was ever opened here, whatever became of it."""
    return session.scalar(select(CampaignRow.id).where(CampaignRow.id == campaign_id)) is not None


def opening_of(session: Session, campaign_id: str) -> Opening | None:
    """None for a campaign that was never opened."""
    found = session.execute(select(*OPENING).where(CampaignRow.id == campaign_id)).first()
    return None if found is None else (found[0], found[1], found[2])


def openings(session: Session) -> list[Opening]:
    """Of all campaigns, closed ones too, in the order in which they were opened."""
    rows = session.execute(select(*OPENING).order_by(CampaignRow.opened_at, CampaignRow.id))
    return [(row[0], row[1], row[2]) for row in rows]


def shown_campaigns(session: Session, *, now: datetime) -> list[str]:
    """The ids of all campaigns that are not closed, or were closed lately."""
    shown = or_(CampaignRow.closed_at.is_(None), CampaignRow.closed_at > now - LATELY)
    return list(session.scalars(select(CampaignRow.id).where(shown).order_by(CampaignRow.id)))


def current_campaign(session: Session) -> str | None:
    """The campaign under way that was opened last, or else the last one that was closed."""
    order = (CampaignRow.closed_at.is_(None).desc(), CampaignRow.opened_at.desc())
    return session.scalar(select(CampaignRow.id).order_by(*order).limit(1))


def opened_at(session: Session, campaign_id: str) -> datetime:
    """When the campaign was opened."""
    return session.scalars(select(CampaignRow.opened_at).where(CampaignRow.id == campaign_id)).one()


def is_closed(session: Session, campaign_id: str) -> bool:
    """Whether the campaign is over."""
    over = (CampaignRow.id == campaign_id) & CampaignRow.closed_at.is_not(None)
    return session.scalar(select(CampaignRow.id).where(over)) is not None
