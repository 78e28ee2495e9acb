"""Uploads: the versions of a village's dossier and which of them counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.campaign.villages import villages_of
from records.tables.campaign import VillageRow
from records.tables.dossiers import BlobRow, UploadRow


def uploads_of(session: Session, village: VillageRow, *, state: str = "") -> list[UploadRow]:
    """All versions of a village's dossier, the newest last; in one state or in any."""
    wanted = [UploadRow.campaign_id == village.campaign_id, UploadRow.village_code == village.code]
    if state:
        wanted.append(UploadRow.state == state)
    return list(session.scalars(select(UploadRow).where(*wanted).order_by(UploadRow.version)))


def uploads_before(session: Session, upload: UploadRow) -> list[UploadRow]:
    """The earlier versions of the same dossier, the newest last."""
    same = (UploadRow.campaign_id == upload.campaign_id) & (UploadRow.village_code == upload.village_code)
    earlier = select(UploadRow).where(same, UploadRow.version < upload.version)
    return list(session.scalars(earlier.order_by(UploadRow.version)))


def checked_before(session: Session, upload: UploadRow) -> UploadRow | None:
    """The newest version before this one that was checked."""
    wanted = (
        UploadRow.campaign_id == upload.campaign_id,
        UploadRow.village_code == upload.village_code,
        UploadRow.version < upload.version,
        UploadRow.checked_at.is_not(None),
    )
    return session.scalar(select(UploadRow).where(*wanted).order_by(UploadRow.version.desc()).limit(1))


def newest_upload(session: Session) -> UploadRow | None:
    """The dossier that came last, of any village and campaign, and has not been erased."""
    there = select(UploadRow).join(BlobRow).where(BlobRow.erased_at.is_(None))
    return session.scalar(there.order_by(UploadRow.id.desc()).limit(1))


def accepted_of(session: Session, codes: Collection[str]) -> list[UploadRow]:
    """Accepted dossiers of villages with these codes in any campaign, the newest first."""
    wanted = UploadRow.village_code.in_(codes) & (UploadRow.state == "accepted")
    newest = (UploadRow.received_at.desc(), UploadRow.id.desc())
    return list(session.scalars(select(UploadRow).where(wanted).order_by(*newest)))


def accepted_upload(session: Session, village: VillageRow) -> UploadRow:
    """The dossier that counts: the newest accepted one. Raises LookupError without one."""
    accepted = uploads_of(session, village, state="accepted")
    if not accepted:
        raise LookupError(f"{village.campaign_id}/{village.code} has no accepted dossier")
    return accepted[-1]


def filers_of_accepted(session: Session, campaign_id: str, village_code: str) -> frozenset[str]:
    """Who filed accepted dossiers of a village; nobody of none."""
    mine = (UploadRow.campaign_id == campaign_id) & (UploadRow.village_code == village_code)
    accepted = mine & (UploadRow.state == "accepted")
    return frozenset(session.scalars(select(UploadRow.filed_by).where(accepted).distinct()))


def accepted_facts(session: Session, village: VillageRow) -> Mapping[str, str]:
    """What the dossier that counts says; nothing while none does."""
    accepted = uploads_of(session, village, state="accepted")
    return accepted[-1].facts if accepted else {}


def unchecked_uploads(
    session: Session, campaign_id: str, *, town_code: str = "", village_code: str = ""
) -> list[int]:
    """Ids of a town's or a village's uploads that wait for their checks, in order of arrival."""
    codes = [village_code] if village_code else _codes(session, campaign_id, town_code)
    mine = (UploadRow.campaign_id == campaign_id) & UploadRow.village_code.in_(codes)
    return list(
        session.scalars(
            select(UploadRow.id).where(mine, UploadRow.state == "received").order_by(UploadRow.id)
        )
    )


def _codes(session: Session, campaign_id: str, town_code: str) -> list[str]:
    return [village.code for village in villages_of(session, campaign_id, town_code=town_code)]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a dossier without what was understood of it."""

    number: int
    state: str
    checked_at: datetime | None


def newest_versions(session: Session, campaign_id: str) -> dict[str, Version]:
    """Village code -> the newest version of its dossier."""
    columns = (UploadRow.village_code, UploadRow.version, UploadRow.state, UploadRow.checked_at)
    wanted = select(*columns).where(UploadRow.campaign_id == campaign_id).order_by(UploadRow.version)
    return {
        row.village_code: Version(row.version, row.state, row.checked_at) for row in session.execute(wanted)
    }
