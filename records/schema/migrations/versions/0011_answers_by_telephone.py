"""Answers by telephone with who wrote them down, objections, and what was opened again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0011"
down_revision = "0010"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("decision", sa.Column("recorded_by", sa.String(), nullable=True))
    op.add_column("decision", sa.Column("call_note", sa.String(), nullable=True))
    op.create_table(
        "objection",
        sa.Column("decision_id", BIG, nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_objection_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_objection_person_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_objection")),
    )
    op.create_table(
        "reopening",
        sa.Column("gate_id", BIG, nullable=False),
        sa.Column("next_gate_id", BIG, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_reopening_gate_id")),
        sa.ForeignKeyConstraint(["next_gate_id"], ["gate.id"], name=op.f("fk_reopening_next_gate_id")),
        sa.PrimaryKeyConstraint("gate_id", name=op.f("pk_reopening")),
    )
    op.create_table(
        "stage_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("lock_before", Instant(), nullable=False),
        sa.Column("lock_after", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id", "stage"], ["stage.campaign_id", "stage.name"], name=op.f("fk_stage_change_stage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_change")),
    )
    op.create_index("ix_stage_change_campaign_id_stage", "stage_change", ["campaign_id", "stage"])
