"""Rosters of closed campaigns: which are still here, deleting one, and making sure that the bytes are gone."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from records.dossiers import files
from records.dossiers.pictures import blobs_of_pictures
from records.tables.campaign import CampaignRow
from records.tables.dossiers import BlobRow, FindingRow, RosterPersonRow, UploadRow
from records.tables.messages import OutboxRow

ERASED = "（已按保存期限删除）"
"""Stands where a message might have quoted a cell."""
HOLDING = ("blob", "finding", "living_person", "outbox", "roster_change", "roster_person")
"""The tables from which an erasure takes something."""


def closed_with_rosters(session: Session) -> list[tuple[str, datetime]]:
    """Campaigns that are closed and still have dossiers: (id, when it closed)."""
    still = (
        select(UploadRow.id)
        .join(BlobRow)
        .where(UploadRow.campaign_id == CampaignRow.id, BlobRow.erased_at.is_(None))
    )
    wanted = select(CampaignRow.id, CampaignRow.closed_at).where(
        CampaignRow.closed_at.is_not(None), still.exists()
    )
    return [(id_, closed) for id_, closed in session.execute(wanted.order_by(CampaignRow.id)) if closed]


def dossiers_left(session: Session, campaign_id: str) -> list[tuple[str, int]]:
    """(village code, versions that are still here) of a campaign."""
    wanted = (
        select(UploadRow.village_code, func.count())
        .join(BlobRow)
        .where(UploadRow.campaign_id == campaign_id, BlobRow.erased_at.is_(None))
        .group_by(UploadRow.village_code)
        .order_by(UploadRow.village_code)
    )
    return [(code, count) for code, count in session.execute(wanted)]


def erase_upload(session: Session, upload: UploadRow, *, at: datetime) -> int | None:
    """Delete a dossier's bytes, pictures and people and what messages quote of it; how many people, None if gone.

    Photos of visits that saw it go with it. Hash, size, counts, the likenesses of its pictures and what became
    of it stay.
    """
    if not files.erase(session, upload.blob_id, at=at):
        return None
    mine = RosterPersonRow.upload_id == upload.id
    for blob_id in blobs_of_pictures(session, upload.id):
        files.erase(session, blob_id, at=at)
    people = session.scalar(select(func.count()).select_from(RosterPersonRow).where(mine)) or 0
    session.execute(delete(RosterPersonRow).where(mine))
    session.execute(update(FindingRow).where(FindingRow.upload_id == upload.id).values(message=ERASED))
    key = f"{upload.campaign_id}:dossier_findings:{upload.village_code}:{upload.version}"
    letter = session.scalar(select(OutboxRow).where(OutboxRow.key == key))
    if letter is not None:
        letter.facts = {**letter.facts, "findings": [{"message": ERASED}]}
        letter.text = ERASED if letter.text else ""
    return people


def cut_log(engine: Engine) -> None:
    """Let SQLite's write-ahead log, which still holds pages as they were, be emptied if nobody is reading them."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def scrub(engine: Engine) -> bool:
    """Write the tables anew, so that no page keeps what was deleted; False while others keep the database busy."""
    try:
        if engine.dialect.name == "sqlite":
            cut_log(engine)
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM")
            cut_log(engine)
            return True
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM FULL {', '.join(HOLDING)}"))
    except OperationalError:
        return False
    return True
