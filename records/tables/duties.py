"""Tables of duties: what is owed, extensions, handovers, absences, reminders fired, calls to towns."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Facts, Key


class DutyRow(Base):
    """What somebody owes by a date. ``carrier_kind`` and ``carrier_subject`` say whom to ring."""

    __tablename__ = "duty"
    __table_args__ = (
        Index("ix_duty_campaign_id_state_next_at", "campaign_id", "state", "next_at"),
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
    next_at: Mapped[datetime | None]
    """When the calendar next asks something of it; None: to be reckoned by the next tick."""


def _reckon_anew(duty: DutyRow, value: object, old: object, _event: object) -> None:
    if value != old:
        duty.next_at = None


for _moving in (DutyRow.due_at, DutyRow.lock_at, DutyRow.state, DutyRow.generation):
    event.listen(_moving, "set", _reckon_anew)


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


class HandoverRow(Base):
    """A duty that passed from one person to another; append-only."""

    __tablename__ = "handover"
    id: Mapped[Key]
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    from_person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    to_person: Mapped[str] = mapped_column(ForeignKey("person.id"))
    cause: Mapped[str]
    """escalated (its holder kept silent), away (was, and somebody stands in) or reassigned (by a coordinator)."""
    reason: Mapped[str]
    by: Mapped[str]
    """A person's id, or ``system``."""
    at: Mapped[datetime]


class AbsenceRow(Base):
    """Somebody is away from the first to the last day (ISO dates, both included); it is only ever ended."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_last_day", "last_day"),
        Index("ix_absence_person_id", "person_id"),
    )
    id: Mapped[Key]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    deputy: Mapped[str] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[str]
    last_day: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """When it was ended before its last day was over, or called off before its first."""


class ExtensionRequestRow(Base):
    """A town asks for a later date; ``answer`` is granted or refused once a coordinator has said so."""

    __tablename__ = "extension_request"
    id: Mapped[Key]
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id"), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    wanted_due: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")
    """What the coordinator said with the answer."""


class CallRow(Base):
    """A call to a town that might be late, and what came of it."""

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_campaign_id", "campaign_id"),)
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    town_code: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    """Who was called."""
    outcome: Mapped[str]
    promised_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str]
    at: Mapped[datetime]


class HeartbeatRow(Base):
    """When a process that people wait for was last seen at work."""

    __tablename__ = "heartbeat"
    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class OutageRow(Base):
    """The portal could not be reached; append-only."""

    __tablename__ = "outage"
    id: Mapped[Key]
    began_at: Mapped[datetime]
    """Its last heartbeat before."""
    ended_at: Mapped[datetime]


class OutageAnswerRow(Base):
    """What the coordinator of a campaign made of an outage: extended for all towns, or declined; append-only."""

    __tablename__ = "outage_answer"
    outage_id: Mapped[int] = mapped_column(ForeignKey("outage.id"), primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    answer: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[str]
    at: Mapped[datetime]
