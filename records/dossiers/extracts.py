"""Extracts of business data: sealed as they were read, the newest of a source counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.dossiers import files
from records.sealing.vault import Vault
from records.tables.campaign import CampaignRow
from records.tables.dossiers import BlobRow, ExtractRow


def place_of(campaign_id: str, source: str) -> str:
    """Where the sealed numbers of a source belong."""
    return f"extract:{campaign_id}:{source}"


def keep(session: Session, vault: Vault, row: ExtractRow, numbers: Iterable[str]) -> None:
    sealed = json.dumps(list(numbers)).encode()
    row.blob_id = files.keep(session, vault, sealed, about=place_of(row.campaign_id, row.source))
    session.add(row)
    session.flush()


def newest_extracts(session: Session, campaign_id: str) -> dict[str, ExtractRow]:
    """Source -> its newest extract that is still there."""
    there = (
        select(ExtractRow)
        .join(BlobRow, BlobRow.id == ExtractRow.blob_id)
        .where(ExtractRow.campaign_id == campaign_id, BlobRow.erased_at.is_(None))
    )
    return {row.source: row for row in session.scalars(there.order_by(ExtractRow.id))}


def lookups_in(session: Session, vault: Vault, row: ExtractRow) -> frozenset[str]:
    """The keyed hashes of those who stand in an extract, by which they are found in rosters."""
    about = place_of(row.campaign_id, row.source)
    numbers: list[str] = json.loads(files.fetch(session, vault, row.blob_id, about=about))
    return frozenset(map(vault.lookup, numbers))


def erase_older(session: Session, campaign_id: str, source: str, *, at: datetime) -> int:
    """Of a source only the newest extract is kept."""
    mine = (ExtractRow.campaign_id == campaign_id) & (ExtractRow.source == source)
    rows = session.scalars(select(ExtractRow).where(mine)).all()
    return sum(files.erase(session, row.blob_id, at=at) for row in rows)


def closed_with_extracts(session: Session) -> list[tuple[str, datetime]]:
    """Campaigns that are closed and still have business data: (id, when it closed)."""
    wanted = (
        select(CampaignRow.id, CampaignRow.closed_at)
        .join(ExtractRow, ExtractRow.campaign_id == CampaignRow.id)
        .join(BlobRow, BlobRow.id == ExtractRow.blob_id)
        .where(BlobRow.erased_at.is_(None), CampaignRow.closed_at.is_not(None))
    )
    return [(id_, closed) for id_, closed in session.execute(wanted.distinct()) if closed]


def erase_all(session: Session, campaign_id: str, *, at: datetime) -> int:
    """Delete a campaign's business data; how many extracts there were."""
    rows = newest_extracts(session, campaign_id).values()
    return sum(files.erase(session, row.blob_id, at=at) for row in rows)
