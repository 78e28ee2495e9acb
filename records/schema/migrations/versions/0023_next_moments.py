"""When the calendar next asks something of a duty: a tick costs what is due, not what is open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("duty", sa.Column("next_at", Instant(), nullable=True))
    op.drop_index("ix_duty_campaign_id_state", table_name="duty")
    op.create_index("ix_duty_campaign_id_state_next_at", "duty", ["campaign_id", "state", "next_at"])
