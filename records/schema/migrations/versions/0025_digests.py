"""What several messages to one person say is told in one: the key of that one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("digest", sa.String(), nullable=True))
    op.create_index("ix_outbox_digest", "outbox", ["digest"])
