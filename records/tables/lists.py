"""Tables of lists: rankings, payments, the ledger, papers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, UniqueConstraint
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
    """Per village, across years: awarded, recovered and corrected, by which document; a row is never changed.

    Payments that were made before this database knew campaigns have no ``campaign_id``. ``key`` names the
    cause, so that none is entered twice, and ``kind`` is payment, recovery or correction.
    """

    __tablename__ = "ledger"
    id: Mapped[Key]
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaign.id"))
    village_code: Mapped[str] = mapped_column(index=True)
    year: Mapped[int]
    level: Mapped[str]
    level_yuan: Mapped[int]
    payable_yuan: Mapped[int]
    document: Mapped[str]
    decided_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(default="payment", server_default="payment")
    cause_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), default=0, server_default="0"
    )
    key: Mapped[str] = mapped_column(unique=True)


class CauseRow(Base):
    """Why money moves after the county's recognition: a result from above, a title withdrawn, a recovery or a
    correction of the ledger, each with its document. The newest of a level counts; none is ever changed.
    """

    __tablename__ = "award_cause"
    __table_args__ = (Index("ix_award_cause_campaign_id_village_code", "campaign_id", "village_code"),)
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    village_code: Mapped[str]
    level: Mapped[str]
    kind: Mapped[str]
    """One of ``rules.lists.results.KINDS``."""
    yuan: Mapped[int]
    """Of a recovery or a correction, as it changes what was paid; else 0."""
    document: Mapped[str]
    dated: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blob.id"))
    file_name: Mapped[str]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class PayoutRow(Base):
    """The bank has carried out a ledger row: when, and by which voucher."""

    __tablename__ = "payout"
    ledger_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"), primary_key=True)
    paid_on: Mapped[date]
    voucher: Mapped[str]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class DocumentRow(Base):
    """A paper the campaign produced: a list for the level above, a payment list."""

    __tablename__ = "document"
    key: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    title: Mapped[str]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    gate_id: Mapped[int | None] = mapped_column(ForeignKey("gate.id"))
    """The gate that approved the list which left the house with this paper."""


class PaymentLineRow(Base):
    """One village on a payment list, exactly as both bureaus saw it."""

    __tablename__ = "payment_line"
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    paid_before: Mapped[int]
    yuan: Mapped[int]
    note: Mapped[str]
    cause_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), default=0, server_default="0"
    )


class ExclusionRow(Base):
    """A village taken off a list that came back from the bureau; it stays off every later attempt."""

    __tablename__ = "exclusion"
    id: Mapped[Key]
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), index=True)
    village_code: Mapped[str]
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class PaperRow(Base):
    """One edition of a paper from a template; a changed one is a new edition that says ``why``."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("campaign_id", "kind", "about", "edition"),)
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str]
    about: Mapped[str]
    """A village's code or a gate's number; empty for the whole campaign's."""
    edition: Mapped[int]
    number: Mapped[int]
    title: Mapped[str]
    why: Mapped[str] = mapped_column(Text)
    facts_sha256: Mapped[str]
    template_sha256: Mapped[str]
    blob_id: Mapped[int] = mapped_column(ForeignKey("blob.id"))
    sha256: Mapped[str]
    audit_length: Mapped[int]
    audit_head: Mapped[str]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
