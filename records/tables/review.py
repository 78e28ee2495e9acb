"""Tables of the review: gates, decisions, codes, score sheets, returns, visits, what was asked once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Facts, Key


class GateRow(Base):
    """A question that people must answer about exactly ``content_hash``."""

    __tablename__ = "gate"
    __table_args__ = (
        UniqueConstraint("campaign_id", "name", "subject", "attempt"),
        Index("ix_gate_campaign_id_village_code", "campaign_id", "village_code"),
        Index("ix_gate_carrier_kind_carrier_subject", "carrier_kind", "carrier_subject"),
    )
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[str]
    version: Mapped[int]
    subject: Mapped[str]
    attempt: Mapped[int]
    town_code: Mapped[str]
    village_code: Mapped[str]
    carrier_kind: Mapped[str]
    carrier_subject: Mapped[str]
    content_hash: Mapped[str]
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    state: Mapped[str]
    answer: Mapped[str | None]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class DecisionRow(Base):
    """One seat's answer; append-only. The two unique keys make the first writer win."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("gate_id", "attempt", "seat"),
        UniqueConstraint("gate_id", "attempt", "person_id"),
    )
    id: Mapped[Key]
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    attempt: Mapped[int]
    seat: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str]
    reason: Mapped[str]
    seen_hash: Mapped[str]
    door: Mapped[str]
    decided_at: Mapped[datetime]
    recorded_by: Mapped[str | None]
    """Who wrote the answer down when it was given by telephone."""
    call_note: Mapped[str | None]
    """Which call it was."""
    correct_by: Mapped[str] = mapped_column(default="", server_default="")
    """The day (ISO) that a return proposes for the correction; empty for the usual one."""


class CodeRow(Base):
    """A one-time approval code, stored hashed, bound to gate, attempt, person and content."""

    __tablename__ = "approval_code"
    id: Mapped[Key]
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), index=True)
    attempt: Mapped[int]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    content_hash: Mapped[str]
    code_hash: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]


class ScoreRow(Base):
    """A score sheet: the town's, reviewer A's, reviewer B's or the final one; the newest counts."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        Index("ix_score_sheet_campaign_id_village_code", "campaign_id", "village_code"),
        Index("ix_score_sheet_upload_id", "upload_id"),
    )
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    village_code: Mapped[str]
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    party: Mapped[str]
    adjustments: Mapped[Facts]
    reasons: Mapped[Facts]
    lines: Mapped[Facts]
    total: Mapped[str]
    part_a: Mapped[str]
    vetoes: Mapped[list[str]]
    scored_by: Mapped[str]
    scored_at: Mapped[datetime]


class VisitRow(Base):
    """What was seen in the village."""

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_campaign_id_village_code", "campaign_id", "village_code"),)
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    village_code: Mapped[str]
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    visited_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    visited_at: Mapped[datetime]
    notes: Mapped[str] = mapped_column(Text)
    adjustments: Mapped[Facts]
    met: Mapped[Facts] = mapped_column(default=dict, server_default="{}")
    """Role (rules.review.visits.MET) -> how many of them were met; no names."""
    position: Mapped[str] = mapped_column(default="", server_default="")


class VisitDraftRow(Base):
    """What somebody has typed into the form of a visit and not yet recorded."""

    __tablename__ = "visit_draft"
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    typed: Mapped[Facts]
    saved_at: Mapped[datetime]


class ObjectionRow(Base):
    """One objection to one recorded decision; append-only."""

    __tablename__ = "objection"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    at: Mapped[datetime]


class ReopeningRow(Base):
    """A gate's attempt that was followed by another one because somebody said so; append-only."""

    __tablename__ = "reopening"
    gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"), primary_key=True)
    next_gate_id: Mapped[int] = mapped_column(ForeignKey("gate.id"))
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class ReturnItemRow(Base):
    """One item of a decision that returned a dossier; append-only like the decision."""

    __tablename__ = "return_item"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str]
    """An indicator or a form (rules.review.returns.subjects); empty for neither."""
    sentence: Mapped[str] = mapped_column(Text)
