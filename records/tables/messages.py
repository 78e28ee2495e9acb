"""The tables of messages: the outbox, and what goes out once more in short."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Facts, Key


class OutboxRow(Base):
    """A message: rendered when sent; the sent text is kept with its secrets masked."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_not_before", "state", "not_before"),
        Index("ix_outbox_person_id_state", "person_id", "state"),
        Index("ix_outbox_digest", "digest"),
    )
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
    """waiting, claimed, sent, failed, or superseded: overtaken before it went out, ``answer`` says by what; gathered
    for a digest, then told by it."""
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str | None]
    """The key of the message that tells this one together with others."""


class RelayRow(Base):
    """A message once more in short, through another channel than mail."""

    __tablename__ = "relay"
    __table_args__ = (Index("ix_relay_state_channel", "state", "channel"),)
    id: Mapped[Key]
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), unique=True)
    channel: Mapped[str]
    """Its name in the installation's settings."""
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str]
    """waiting, sent, or lapsed: no longer worth sending, ``answer`` says why."""
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    """By the clock of the machine, by which a vendor counts messages a minute."""
