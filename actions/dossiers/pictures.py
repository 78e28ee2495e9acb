"""Evidence in pictures: kept sealed beside the upload or visit it came with, and compared with all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from records.dossiers import files
from records.dossiers.pictures import likenesses_elsewhere, same_bytes
from records.store import Session, Store
from records.tables.dossiers import LikenessRow, PictureRow
from rules.dossiers.pictures import Picture, alike, distance


@dataclass(frozen=True, slots=True)
class Source:
    """Where pictures came from, by whom and when; ``upload_id`` is None for photos of a visit."""

    campaign_id: str
    village_code: str
    by: str
    now: datetime
    upload_id: int | None = None


def keep_picture(
    session: Session,
    store: Store,
    picture: Picture,
    *,
    source: Source,
    position: int,
    original: bytes = b"",
) -> PictureRow:
    """Keep one picture as it can be shown; ``original`` as well where no upload keeps it."""
    row = PictureRow(
        campaign_id=source.campaign_id,
        village_code=source.village_code,
        upload_id=source.upload_id,
        position=position,
        sheet=picture.sheet,
        ref=picture.ref,
        indicator=picture.indicator,
        name=picture.name,
        sha256=picture.sha256,
        size=picture.size,
        width=picture.width,
        height=picture.height,
        taken=picture.taken,
        likeness=picture.likeness,
        trouble=picture.trouble,
        added_by=source.by,
        added_at=source.now,
    )
    if picture.shown:
        _keep_shown(session, store, row, picture)
    if original:
        row.original_blob_id = files.keep(session, store.vault, original, about=about("original", row))
    session.add(row)
    session.flush()
    return row


def _keep_shown(session: Session, store: Store, row: PictureRow, picture: Picture) -> None:
    """A corrected dossier brings most of its pictures again: those are sealed once."""
    before = same_bytes(session, row.campaign_id, row.village_code, row.sha256)
    if before is not None:
        row.shown_blob_id, row.thumbnail_blob_id = before.shown_blob_id, before.thumbnail_blob_id
        return
    row.shown_blob_id = files.keep(session, store.vault, picture.shown, about=about("shown", row))
    row.thumbnail_blob_id = files.keep(session, store.vault, picture.thumbnail, about=about("thumbnail", row))


def about(what: str, row: PictureRow) -> str:
    """Where a picture's sealed bytes belong."""
    return f"picture:{what}:{row.campaign_id}/{row.village_code}/{row.sha256}"


def keep_evidence(
    session: Session, store: Store, pictures: Sequence[Picture], *, source: Source
) -> list[PictureRow]:
    """Keep all pictures of an upload, and note which show a photo that another village or year has shown."""
    rows = [
        keep_picture(session, store, one, source=source, position=position)
        for position, one in enumerate(pictures, 1)
    ]
    note_likenesses(session, rows)
    return rows


def note_likenesses(session: Session, rows: Sequence[PictureRow]) -> None:
    comparable = [row for row in rows if row.likeness]
    if not comparable:
        return
    others = likenesses_elsewhere(session, rows[0].campaign_id, rows[0].village_code)
    session.add_all(
        LikenessRow(picture_id=row.id, other_id=number, distance=distance(row.likeness, likeness))
        for row in comparable
        for number, likeness in others
        if alike(row.likeness, likeness)
    )


def read_picture(session: Session, store: Store, row: PictureRow, *, what: str) -> bytes | None:
    """The JPEG that is ``shown``, or its ``thumbnail``; None when there is none."""
    blob_id = {"shown": row.shown_blob_id, "thumbnail": row.thumbnail_blob_id}[what]
    return None if blob_id is None else files.fetch(session, store.vault, blob_id, about=about(what, row))
