"""Tables of runs: carriers, bells, the last tick."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Key


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


class TickRow(Base):
    """One row, written anew by each tick that came to its end."""

    __tablename__ = "last_tick"
    id: Mapped[Key]
    ended_at: Mapped[datetime]
