"""Calls to towns as they were recorded, and what tells of a town that may be late."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records.tables.campaign import CampaignRow
from records.tables.duties import CallRow, DutyRow
from records.tables.messages import OutboxRow

BY_HOLDER = (DutyRow.town_code, DutyRow.person_id, DutyRow.due_at, DutyRow.key)
KINDS = ("survey", "dossier", "correction", "paper")
"""What towns owe."""


def calls_of(session: Session, campaign_id: str) -> list[CallRow]:
    """In the order in which they were made."""
    wanted = select(CallRow).where(CallRow.campaign_id == campaign_id).order_by(CallRow.id)
    return list(session.scalars(wanted))


def open_town_duties(session: Session, campaign_id: str) -> list[DutyRow]:
    """What towns owe just now, by town and person, what is due first first."""
    mine = (DutyRow.campaign_id == campaign_id) & (DutyRow.state == "open") & DutyRow.kind.in_(KINDS)
    return list(session.scalars(select(DutyRow).where(mine).order_by(*BY_HOLDER)))


def returns_by_village(session: Session, campaign_id: str) -> Counter[str]:
    """Village code -> how often its dossier came back."""
    mine = (
        (DutyRow.campaign_id == campaign_id) & (DutyRow.kind == "correction") & (DutyRow.state != "cancelled")
    )
    rows = session.execute(
        select(DutyRow.village_code, func.count()).where(mine).group_by(DutyRow.village_code)
    )
    return Counter({row[0]: row[1] for row in rows})


def late_before(session: Session, campaign_id: str) -> Counter[str]:
    """Town code -> how many duties it had late or not at all in the campaign opened before this one."""
    opened = session.get_one(CampaignRow, campaign_id).opened_at
    earlier = select(CampaignRow.id).where(CampaignRow.opened_at < opened)
    before = session.scalar(earlier.order_by(CampaignRow.opened_at.desc()).limit(1))
    if before is None:
        return Counter()
    late = (DutyRow.campaign_id == before) & DutyRow.state.in_(("late", "lapsed")) & DutyRow.kind.in_(KINDS)
    rows = session.execute(select(DutyRow.town_code, func.count()).where(late).group_by(DutyRow.town_code))
    return Counter({row[0]: row[1] for row in rows})


def lost_mails(session: Session, campaign_id: str) -> Counter[str]:
    """Person -> mails of this campaign that were given up."""
    failed = (OutboxRow.campaign_id == campaign_id) & (OutboxRow.state == "failed")
    rows = session.execute(
        select(OutboxRow.person_id, func.count()).where(failed).group_by(OutboxRow.person_id)
    )
    return Counter({row[0]: row[1] for row in rows})
