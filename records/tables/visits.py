"""Tables of planned visits: the lot's seed, plans with their stops, and who signed what was seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.columns import Base, Key


class VisitSeedRow(Base):
    """The seed of a campaign's lot: committed to before, sealed until it is told."""

    __tablename__ = "visit_seed"
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    commitment: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    committed_at: Mapped[datetime]
    seed: Mapped[str] = mapped_column(default="")
    """Empty until it is told."""
    revealed_at: Mapped[datetime | None]


class VisitPlanRow(Base):
    """One plan of a campaign's visits; the newest counts, earlier ones stay."""

    __tablename__ = "visit_plan"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)
    id: Mapped[Key]
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    made_at: Mapped[datetime]
    solver: Mapped[str]
    """Who found it (actions.review.planning.solver), and what it and the plain plan cost."""
    cost: Mapped[int]
    plain_cost: Mapped[int]
    changes: Mapped[list[str]]
    """What is different from the plan before, a sentence for each village."""
    unplaced: Mapped[list[str]]
    spared: Mapped[list[str]]
    """Villages that nobody needs to visit, where not everyone is visited."""


class VisitStopRow(Base):
    """Where a plan has one village: day, car, order, crew, and why it is visited."""

    __tablename__ = "visit_stop"
    __table_args__ = (Index("ix_visit_stop_plan_id_day", "plan_id", "day"),)
    plan_id: Mapped[int] = mapped_column(ForeignKey("visit_plan.id"), primary_key=True)
    village_code: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str]
    team: Mapped[int]
    place: Mapped[int]
    crew: Mapped[list[str]]
    why: Mapped[str]


class VisitSignatureRow(Base):
    """Somebody has signed exactly what was written about a visit; append-only."""

    __tablename__ = "visit_signature"
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str]
    signed_at: Mapped[datetime]
