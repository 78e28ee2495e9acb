"""Tables of lists: rankings, payments, the ledger, papers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Key


class RecommendationRow(Base):
    """A village's place on the ranking that a gate asks about, and whether it is to be sent upward."""

    __tablename__ = "ranking_line"
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]
    total: Mapped[str]
    recommended: Mapped[bool]


class LedgerRow(Base):
    """Per village, across years: awarded and paid, by which document. Payments that were made before
    this database knew campaigns have no ``campaign_id``."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("village_code", "year", "level"),)
    id: Mapped[Key]
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    village_code: Mapped[str]
    year: Mapped[int]
    level: Mapped[str]
    level_yuan: Mapped[int]
    payable_yuan: Mapped[int]
    document: Mapped[str]
    decided_at: Mapped[datetime]


class DocumentRow(Base):
    """A paper the campaign produced: a list for the level above, a payment list."""

    __tablename__ = "document"
    key: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    title: Mapped[str]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    sha256: Mapped[str]
    made_at: Mapped[datetime]


class PaymentLineRow(Base):
    """One village on a payment list, exactly as both bureaus saw it."""

    __tablename__ = "payment_line"
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    paid_before: Mapped[int]
    yuan: Mapped[int]
    note: Mapped[str]


class ExclusionRow(Base):
    """A village taken off a list that came back from the bureau; it stays off every later attempt."""

    __tablename__ = "exclusion"
    id: Mapped[Key]
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), index=True)
    village_code: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
