"""The key of the message that tells several together, and the hours in which somebody wants to read nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("digest", sa.String(), nullable=True))
    op.create_index("ix_outbox_digest", "outbox", ["digest"])
    op.add_column("person", sa.Column("quiet_hours", sa.String(), nullable=False, server_default=""))
