"""Tables of dossiers: sealed files, uploads, findings, rosters, pictures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Facts, Key


class BlobRow(Base):
    """A sealed file, and where it belongs: it opens only there. An erased one is empty."""

    __tablename__ = "blob"
    id: Mapped[Key]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    about: Mapped[str] = mapped_column(server_default="")
    erased_at: Mapped[datetime | None]


class UploadRow(Base):
    """One version of a dossier as it came; never changed, only superseded or withdrawn."""

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("campaign_id", "village_code", "version"),)
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    village_code: Mapped[str]
    version: Mapped[int]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    sha256: Mapped[str]
    size: Mapped[int]
    filed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime]
    late: Mapped[bool]
    state: Mapped[str]
    """received, accepted, returned, superseded or withdrawn."""
    checked_at: Mapped[datetime | None]
    rows: Mapped[int] = mapped_column(default=0)
    facts: Mapped[Facts]
    """What was understood: roster counts and annex 1 claims, fractions as text."""


class FindingRow(Base):
    """One thing a check found in an upload."""

    __tablename__ = "finding"
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    severity: Mapped[str]
    sheet: Mapped[str]
    ref: Mapped[str]
    message: Mapped[str] = mapped_column(Text)


class RosterPersonRow(Base):
    """One person of an accepted roster: the ID number sealed, and its keyed hash for look-up."""

    __tablename__ = "roster_person"
    __table_args__ = (Index("ix_roster_person_lookup", "lookup"),)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    lookup: Mapped[str]


class ExtractRow(Base):
    """One extract of the bureau's business data: whom it names stands sealed in its file."""

    __tablename__ = "business_extract"
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), index=True)
    source: Mapped[str]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    rows: Mapped[int]
    unread: Mapped[int]
    """Rows whose ID number was none."""
    sha256: Mapped[str]
    imported_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime]


class PictureRow(Base):
    """One picture of an accepted upload, or a photo of a visit. What is shown was written anew and sealed."""

    __tablename__ = "picture"
    __table_args__ = (
        Index("ix_picture_campaign_id_village_code", "campaign_id", "village_code"),
        Index("ix_picture_upload_id", "upload_id"),
    )
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    village_code: Mapped[str]
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    """None for a photo of a visit."""
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    """None until the visit is recorded."""
    position: Mapped[int]
    sheet: Mapped[str]
    ref: Mapped[str]
    indicator: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str]
    """Of the bytes as they came, which the upload keeps, or ``original_blob_id``."""
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    taken: Mapped[str]
    likeness: Mapped[str]
    trouble: Mapped[str]
    """Why it is not shown (rules.dossiers.pictures.TROUBLES); empty when it is."""
    shown_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    thumbnail_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    original_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    added_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


class LikenessRow(Base):
    """Two pictures of different villages or campaigns that show the same photo; ``picture_id`` came later."""

    __tablename__ = "picture_likeness"
    __table_args__ = (Index("ix_picture_likeness_other_id", "other_id"),)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), primary_key=True)
    distance: Mapped[int]


class FormDraftRow(Base):
    """What somebody has typed into a long form about a village and not yet handed in, sealed."""

    __tablename__ = "form_draft"
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]
