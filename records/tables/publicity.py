"""Tables of publicity: for how long a village about to be recognised is made public, and who objects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Key


class PublicityRow(Base):
    """The publicity of one decision to recognise; ``outcome`` is stood, upheld or overtaken once it has ended."""

    __tablename__ = "publicity"
    __table_args__ = (Index("ix_publicity_campaign_id_village_code", "campaign_id", "village_code"),)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), primary_key=True, autoincrement=False)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    village_code: Mapped[str]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")


class PublicObjectionRow(Base):
    """Somebody outside objects to a village's recognition; ``answer`` is upheld or refused once somebody else
    has answered in writing."""

    __tablename__ = "public_objection"
    id: Mapped[Key]
    gate_id: Mapped[int] = mapped_column(ForeignKey("publicity.gate_id"), index=True)
    objector_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Name and how to reach them: an objection is made by name, and nobody else reads it."""
    evidence: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime]
    answer: Mapped[str | None]
    words: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
