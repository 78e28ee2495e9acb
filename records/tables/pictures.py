"""Pictures out of dossiers and from visits, which of them are copies of one photo, and visits not yet recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Facts, Key


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


class VisitDraftRow(Base):
    """What somebody has typed into the form of a visit and not yet recorded."""

    __tablename__ = "visit_draft"
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    typed: Mapped[Facts]
    saved_at: Mapped[datetime]
