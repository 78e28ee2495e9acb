"""Lists kept line by line with the gate that asks about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "payment_line",
        sa.Column("gate_id", BIG, nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("paid_before", sa.Integer(), nullable=False),
        sa.Column("yuan", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_payment_line_gate_id")),
        sa.PrimaryKeyConstraint("gate_id", "village_code", name=op.f("pk_payment_line")),
    )
    op.create_table(
        "exclusion",
        sa.Column("id", BIG, nullable=False),
        sa.Column("gate_id", BIG, nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_exclusion_gate_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_exclusion_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
    )
    op.create_index("ix_exclusion_gate_id", "exclusion", ["gate_id"])
    op.create_table(
        "ranking_line",
        sa.Column("gate_id", BIG, nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.Column("recommended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_ranking_line_gate_id")),
        sa.PrimaryKeyConstraint("gate_id", "village_code", name=op.f("pk_ranking_line")),
    )
    # Until now there was one ranking a campaign, put before the bureau once.
    op.execute(
        "INSERT INTO ranking_line (gate_id, village_code, rank, total, recommended) "
        "SELECT gate.id, old.village_code, old.rank, old.total, old.recommended FROM recommendation AS old "
        "JOIN gate ON gate.campaign_id = old.campaign_id AND gate.name = 'recommendation' AND gate.attempt = 1"
    )
    op.drop_table("recommendation")
