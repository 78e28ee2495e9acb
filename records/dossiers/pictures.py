"""Pictures: of an upload, of a visit, and those elsewhere that may show the same photo."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from records.tables.dossiers import LikenessRow, PictureRow
from records.tables.review import VisitDraftRow, VisitRow


def pictures_of(session: Session, upload_id: int) -> list[PictureRow]:
    """As they stand in the workbook."""
    wanted = select(PictureRow).where(PictureRow.upload_id == upload_id)
    return list(session.scalars(wanted.order_by(PictureRow.position)))


def photos_of_visits(session: Session, campaign_id: str, village_code: str) -> list[PictureRow]:
    """Photos taken in a village, also those of a visit that is not recorded yet, in the order of their coming."""
    mine = (PictureRow.campaign_id == campaign_id) & (PictureRow.village_code == village_code)
    wanted = select(PictureRow).where(mine, PictureRow.upload_id.is_(None)).order_by(PictureRow.id)
    return list(session.scalars(wanted))


def same_bytes(session: Session, campaign_id: str, village_code: str, sha256: str) -> PictureRow | None:
    """A picture of this village that came with the same bytes before and can be shown."""
    mine = (PictureRow.campaign_id == campaign_id) & (PictureRow.village_code == village_code)
    same = (PictureRow.sha256 == sha256) & PictureRow.shown_blob_id.is_not(None)
    return session.scalar(select(PictureRow).where(mine, same).limit(1))


def likenesses_elsewhere(session: Session, campaign_id: str, village_code: str) -> list[tuple[int, str]]:
    """(picture, likeness) of every other village, and of this one in other campaigns."""
    elsewhere = or_(PictureRow.campaign_id != campaign_id, PictureRow.village_code != village_code)
    wanted = select(PictureRow.id, PictureRow.likeness).where(elsewhere, PictureRow.likeness != "")
    return [(number, likeness) for number, likeness in session.execute(wanted)]


def copies_of(session: Session, ids: Iterable[int]) -> dict[int, list[PictureRow]]:
    """Picture -> the pictures elsewhere that show the same photo, whichever came first."""
    asked = list(ids)
    pairs = session.execute(
        select(LikenessRow.picture_id, LikenessRow.other_id).where(
            or_(LikenessRow.picture_id.in_(asked), LikenessRow.other_id.in_(asked))
        )
    ).all()
    wanted = {number for pair in pairs for number in pair}
    rows = {row.id: row for row in session.scalars(select(PictureRow).where(PictureRow.id.in_(wanted)))}
    found: dict[int, list[PictureRow]] = {}
    for first, second in pairs:
        for mine, other in ((first, second), (second, first)):
            if mine in asked:
                found.setdefault(mine, []).append(rows[other])
    return found


def bind_photos(session: Session, campaign_id: str, village_code: str, *, visit_id: int) -> int:
    """Photos that waited for their visit to be recorded belong to it from now on; how many there were."""
    waiting = [row for row in photos_of_visits(session, campaign_id, village_code) if row.visit_id is None]
    for row in waiting:
        row.visit_id = visit_id
    return len(waiting)


def end_drafts(session: Session, campaign_id: str, village_code: str, *, of: str = "") -> None:
    """What is recorded need not be typed again, by one person or by anybody."""
    mine = (VisitDraftRow.campaign_id == campaign_id) & (VisitDraftRow.village_code == village_code)
    theirs = mine & (VisitDraftRow.person_id == of) if of else mine
    session.execute(delete(VisitDraftRow).where(theirs))


def blobs_of_pictures(session: Session, upload_id: int) -> set[int]:
    """Every sealed file of an upload's pictures, and of the photos of visits that saw it."""
    of_visits = select(VisitRow.id).where(VisitRow.upload_id == upload_id)
    mine = or_(PictureRow.upload_id == upload_id, PictureRow.visit_id.in_(of_visits))
    columns = (PictureRow.shown_blob_id, PictureRow.thumbnail_blob_id, PictureRow.original_blob_id)
    return {blob for row in session.execute(select(*columns).where(mine)) for blob in row if blob is not None}


def draft_of(session: Session, campaign_id: str, village_code: str, person_id: str) -> VisitDraftRow | None:
    return session.get(VisitDraftRow, (campaign_id, village_code, person_id))
