"""The campaign's tables: clock, campaigns, calendars, stages, villages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Key


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


class StageChangeRow(Base):
    """A stage closed before its date, or opened again until another one; append-only."""

    __tablename__ = "stage_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "stage"], ["stage.campaign_id", "stage.name"], name="fk_stage_change_stage"
        ),
        Index("ix_stage_change_campaign_id_stage", "campaign_id", "stage"),
    )
    id: Mapped[Key]
    campaign_id: Mapped[str]
    stage: Mapped[str]
    act: Mapped[str]
    """closed or reopened."""
    lock_before: Mapped[datetime]
    lock_after: Mapped[datetime]
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
