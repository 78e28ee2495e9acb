"""When the tick was last through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "last_tick",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_tick")),
    )
