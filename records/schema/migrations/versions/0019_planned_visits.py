"""Planned visits with two signatures, publicity and objections to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0019"
down_revision = "0018"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    plans()
    signatures()
    publicity()


def plans() -> None:
    op.create_table(
        "visit_seed",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("committed_at", Instant(timezone=True), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("revealed_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_visit_seed_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_visit_seed")),
    )
    op.create_table(
        "visit_plan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("solver", sa.String(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("plain_cost", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("unplaced", sa.JSON(), nullable=False),
        sa.Column("spared", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_visit_plan_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_plan")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_visit_plan_campaign_id_number")),
    )
    op.create_table(
        "visit_stop",
        sa.Column("plan_id", KEY, nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("team", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("crew", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["visit_plan.id"], name=op.f("fk_visit_stop_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "village_code", name=op.f("pk_visit_stop")),
    )
    op.create_index("ix_visit_stop_plan_id_day", "visit_stop", ["plan_id", "day"])


def signatures() -> None:
    op.create_table(
        "visit_signature",
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signed_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_signature_person_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_signature_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", "person_id", name=op.f("pk_visit_signature")),
    )


def publicity() -> None:
    op.create_table(
        "publicity",
        sa.Column("gate_id", KEY, autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("closes_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_publicity_campaign_id")),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_publicity_gate_id")),
        sa.PrimaryKeyConstraint("gate_id", name=op.f("pk_publicity")),
    )
    op.create_index("ix_publicity_campaign_id_village_code", "publicity", ["campaign_id", "village_code"])
    op.create_table(
        "public_objection",
        sa.Column("id", KEY, nullable=False),
        sa.Column("gate_id", KEY, nullable=False),
        sa.Column("objector_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("received_at", Instant(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_public_objection_answered_by")),
        sa.ForeignKeyConstraint(["gate_id"], ["publicity.gate_id"], name=op.f("fk_public_objection_gate_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_public_objection_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_objection")),
    )
    op.create_index("ix_public_objection_gate_id", "public_objection", ["gate_id"])
