"""Payments of earlier years: ledger rows that no campaign of this database wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("ledger") as ledger:
        ledger.alter_column("campaign_id", existing_type=sa.String(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM ledger WHERE campaign_id IS NULL")
    with op.batch_alter_table("ledger") as ledger:
        ledger.alter_column("campaign_id", existing_type=sa.String(), nullable=False)
