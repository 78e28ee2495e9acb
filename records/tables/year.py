"""Tables of the year: what it was opened with, living rosters and their changes, when people are asked, services."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Key


class YearOpeningRow(Base):
    """One opening of the year: the newest counts. Never changed; a newer folder is a further row."""

    __tablename__ = "year_opening"
    id: Mapped[Key]
    digest: Mapped[str]
    frozen: Mapped[str] = mapped_column(Text)
    """``rules.year.opened.OpenedYear`` as canonical text."""
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]


class LivingRosterRow(Base):
    """A village whose roster has begun; whoever writes to the roster locks it."""

    __tablename__ = "living_roster"
    village_code: Mapped[str] = mapped_column(primary_key=True)
    town_code: Mapped[str]
    source: Mapped[str]
    begun_by: Mapped[str]
    begun_at: Mapped[datetime]


class LivingPersonRow(Base):
    """A row of a living roster as it stands now, reckoned from its changes; ``key`` stays with it."""

    __tablename__ = "living_person"
    __table_args__ = (
        Index("ix_living_person_lookup", "lookup"),
        Index("ix_living_person_village_code", "village_code"),
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("living_roster.village_code"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The identity number; empty when its time was over."""
    lookup: Mapped[str]
    there: Mapped[bool]
    since: Mapped[date]
    """Since when they are there, or have left."""
    confirmed: Mapped[date]
    """The last day on which somebody asked."""


class RosterChangeRow(Base):
    """One dated change of a living roster; never changed, only emptied when its time is over."""

    __tablename__ = "roster_change"
    __table_args__ = (
        Index("ix_roster_change_village_code", "village_code"),
        Index("ix_roster_change_person", "person"),
    )
    id: Mapped[Key]
    village_code: Mapped[str]
    person: Mapped[str] = mapped_column(ForeignKey("living_person.key"))
    kind: Mapped[str]
    day: Mapped[date]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """By key of a roster column, what holds from ``day`` on."""
    corrects: Mapped[int | None] = mapped_column(ForeignKey("roster_change.id"))
    source: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class RosterDueRow(Base):
    """By when somebody is asked again, for each of their groups; only of who is there."""

    __tablename__ = "roster_due"
    __table_args__ = (Index("ix_roster_due_town_code_group_key_due", "town_code", "group_key", "due"),)
    person: Mapped[str] = mapped_column(ForeignKey("living_person.key"), primary_key=True)
    group_key: Mapped[str] = mapped_column(primary_key=True)
    town_code: Mapped[str]
    due: Mapped[date]


class RosterConfirmationRow(Base):
    """Somebody asked these people on a day, and nothing had changed; never changed."""

    __tablename__ = "roster_confirmation"
    __table_args__ = (Index("ix_roster_confirmation_village_code", "village_code"),)
    id: Mapped[Key]
    village_code: Mapped[str] = mapped_column(ForeignKey("living_roster.village_code"))
    day: Mapped[date]
    people: Mapped[list[str]]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class ServiceRow(Base):
    """A service on a day in a village, for these rows of its roster or for so many; never changed."""

    __tablename__ = "service"
    __table_args__ = (Index("ix_service_village_code_day", "village_code", "day"),)
    id: Mapped[Key]
    village_code: Mapped[str]
    kind: Mapped[str]
    day: Mapped[date]
    people: Mapped[list[str]]
    count: Mapped[int]
    corrects: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    """The record that this one stands for; with nobody served it takes that one back."""
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
