"""Villages of a campaign: by town, by where their dossier stands, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.campaign import VillageRow


def villages_of(
    session: Session, campaign_id: str, *, town_code: str = "", states: Collection[str] = ()
) -> list[VillageRow]:
    """Villages in order of code; of one town or of all, in one of ``states`` or in any."""
    wanted = [VillageRow.campaign_id == campaign_id]
    if town_code:
        wanted.append(VillageRow.town_code == town_code)
    if states:
        wanted.append(VillageRow.state.in_(states))
    return list(session.scalars(select(VillageRow).where(*wanted).order_by(VillageRow.code)))


def lock_villages(session: Session, campaign_id: str, *, state: str) -> list[VillageRow]:
    """Villages in one state as they stand now, in order of code, kept from everybody else."""
    wanted = (VillageRow.campaign_id == campaign_id) & (VillageRow.state == state)
    found = select(VillageRow).where(wanted).order_by(VillageRow.code).with_for_update()
    return list(session.scalars(found, execution_options={"populate_existing": True}))


def count_villages(session: Session, campaign_id: str) -> Counter[str]:
    """state -> how many villages are in it."""
    return Counter(session.scalars(select(VillageRow.state).where(VillageRow.campaign_id == campaign_id)))
