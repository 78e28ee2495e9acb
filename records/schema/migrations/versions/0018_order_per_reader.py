"""What waits for one reader is found at once."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_index("ix_outbox_person_id_state", "outbox", ["person_id", "state"])
