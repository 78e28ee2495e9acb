"""Score sheets: the newest of each party counts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.review import ScoreRow


def newest_sheet(session: Session, upload: UploadRow, party: str) -> ScoreRow | None:
    """What a party (town, a, b, final) last made of an upload."""
    mine = (ScoreRow.upload_id == upload.id) & (ScoreRow.party == party)
    return session.scalar(select(ScoreRow).where(mine).order_by(ScoreRow.id.desc()).limit(1))


def sheets_beside(session: Session, upload: UploadRow) -> dict[str, ScoreRow]:
    """Party -> what it last made of an upload, of those that have said something; ``final`` is the village's."""
    here = (ScoreRow.campaign_id == upload.campaign_id) & (ScoreRow.village_code == upload.village_code)
    about = here & ((ScoreRow.upload_id == upload.id) | (ScoreRow.party == "final"))
    return {
        sheet.party: sheet for sheet in session.scalars(select(ScoreRow).where(about).order_by(ScoreRow.id))
    }


def final_score(session: Session, village: VillageRow) -> ScoreRow | None:
    """The score sheet on which the bureau decides."""
    mine = (ScoreRow.campaign_id == village.campaign_id) & (ScoreRow.village_code == village.code)
    return session.scalar(
        select(ScoreRow).where(mine, ScoreRow.party == "final").order_by(ScoreRow.id.desc()).limit(1)
    )


def is_scored(session: Session, upload_id: int) -> bool:
    """Whether the bureau has kept a score sheet of an upload."""
    theirs = (ScoreRow.upload_id == upload_id) & (ScoreRow.party != "town")
    return session.scalar(select(ScoreRow.id).where(theirs).limit(1)) is not None


def has_scored(session: Session, person_id: str, *, upload_id: int | None, party: str) -> bool:
    mine = (ScoreRow.upload_id == upload_id) & (ScoreRow.party == party)
    wanted = select(ScoreRow.id).where(mine, ScoreRow.scored_by == person_id).limit(1)
    return session.scalar(wanted) is not None
