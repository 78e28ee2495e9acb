"""Returns item by item, with the day that the reviewer proposes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "return_item",
        sa.Column("decision_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_return_item_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "position", name=op.f("pk_return_item")),
    )
    with op.batch_alter_table("decision") as decision:
        decision.add_column(sa.Column("correct_by", sa.String(), nullable=False, server_default=""))
