"""What a session shows of itself, when its person was last proved, and when somebody logged in last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    for name in ("address", "browser"):
        op.add_column("portal_session", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column("portal_session", sa.Column("proved_at", Instant(), nullable=True))
    op.add_column(
        "portal_session",
        sa.Column("asks_factor", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for table in ("portal_session", "credential"):
        op.add_column(table, sa.Column("last_at", Instant(), nullable=True))
        op.add_column(table, sa.Column("last_address", sa.String(), server_default="", nullable=False))
