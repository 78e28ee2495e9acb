"""Every table, in the order in which a campaign fills them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Facts, Key


class ClockRow(Base):
    """The business clock: real, or simulated for a rehearsal."""

    __tablename__ = "clock"
    id: Mapped[Key]
    simulated: Mapped[bool]
    now: Mapped[datetime | None]


class CampaignRow(Base):
    """A campaign with the configuration it was opened with, frozen as text."""

    __tablename__ = "campaign"
    id: Mapped[str] = mapped_column(primary_key=True)
    frozen: Mapped[str] = mapped_column(Text)
    rules_version: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CalendarRow(Base):
    """The working days a campaign counts with; alive, because next year's decree comes late."""

    __tablename__ = "calendar"
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    holidays: Mapped[list[str]]
    makeup_workdays: Mapped[list[str]]
    published_until: Mapped[str]


class StageRow(Base):
    """A dated stage and its state (rules.campaign.states)."""

    __tablename__ = "stage"
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lock_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class VillageRow(Base):
    """A village in one campaign and where its dossier stands."""

    __tablename__ = "village"
    __table_args__ = (Index("ix_village_campaign_id_town_code", "campaign_id", "town_code"),)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    town_code: Mapped[str]
    name: Mapped[str]
    state: Mapped[str]
    supplementary: Mapped[bool] = mapped_column(default=False)


class PersonRow(Base):
    """Somebody with an account."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    roles: Mapped[list[str]]
    town_code: Mapped[str]
    conflicts: Mapped[list[str]]
    deputy: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class DutyRow(Base):
    """What somebody owes by a date. ``carrier_kind`` and ``carrier_subject`` say whom to ring."""

    __tablename__ = "duty"
    __table_args__ = (
        Index("ix_duty_campaign_id_state", "campaign_id", "state"),
        Index("ix_duty_campaign_id_village_code", "campaign_id", "village_code"),
        Index("ix_duty_person_id_state", "person_id", "state"),
        Index("ix_duty_carrier_kind_carrier_subject", "carrier_kind", "carrier_subject"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str]
    carrier_kind: Mapped[str]
    carrier_subject: Mapped[str]
    town_code: Mapped[str]
    village_code: Mapped[str]
    role: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime]
    lock_at: Mapped[datetime | None]
    """None: this duty never lapses, it escalates (a bureau's duty)."""
    state: Mapped[str]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=1)
    facts: Mapped[Facts]


class ExtensionRow(Base):
    """A recorded move of a duty's dates."""

    __tablename__ = "extension"
    id: Mapped[Key]
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    due_before: Mapped[datetime]
    due_after: Mapped[datetime]
    lock_after: Mapped[datetime | None]
    reason: Mapped[str]
    granted_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]


class RungFireRow(Base):
    """A rung of a duty's ladder that has fired; it fires once."""

    __tablename__ = "rung_fire"
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    rung: Mapped[str] = mapped_column(primary_key=True)
    fired_at: Mapped[datetime]


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


class CarrierRow(Base):
    """Which Prefect run carries a subject now. Leases use the host's clock."""

    __tablename__ = "carrier"
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), index=True)
    label: Mapped[str]
    tags: Mapped[list[str]]
    state: Mapped[str]
    """new, asleep, done or parked."""
    flow_run_id: Mapped[str | None]
    generation: Mapped[int] = mapped_column(default=1)
    replaced: Mapped[int] = mapped_column(default=0)
    cause: Mapped[str] = mapped_column(default="")
    sleep_key: Mapped[str | None]
    gate_id: Mapped[int | None]
    waits_for: Mapped[str] = mapped_column(default="")
    wakes: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class BellRow(Base):
    """Something changed for this subject; stays until a run that began later has re-read the rows."""

    __tablename__ = "bell"
    __table_args__ = (
        ForeignKeyConstraint(
            ["kind", "subject"], ["carrier.kind", "carrier.subject"], name="fk_bell_carrier"
        ),
        Index("ix_bell_answered_kind_subject", "answered", "kind", "subject"),
    )
    id: Mapped[Key]
    kind: Mapped[str]
    subject: Mapped[str]
    cause: Mapped[str]
    written_at: Mapped[datetime]
    answered: Mapped[bool] = mapped_column(default=False)


class OutboxRow(Base):
    """A message: rendered when sent; the sent text is kept with its secrets masked."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_not_before", "state", "not_before"),)
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    template: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    facts: Mapped[Facts]
    gate_id: Mapped[int | None] = mapped_column(ForeignKey("gate.id"))
    written_at: Mapped[datetime]
    not_before: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    """waiting, claimed, sent or failed."""
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(Text, default="")


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


class AuditRow(Base):
    """One link of the audit chain."""

    __tablename__ = "audit"
    seq: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[str] = mapped_column(Text)
    previous: Mapped[str]
    hash: Mapped[str]


class AuditHeadRow(Base):
    """Length and head of the chain, kept apart so that a cut-off row shows."""

    __tablename__ = "audit_head"
    id: Mapped[Key]
    length: Mapped[int]
    hash: Mapped[str]
