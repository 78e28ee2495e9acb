"""Which sessions have given a one-time password, and which tokens were made where one was asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("ALTER TABLE portal_session RENAME COLUMN complete TO second_factor")
    # Of those who had no need of a code nothing is known: whoever needs one gives it once more.
    op.execute(sa.text("UPDATE portal_session SET second_factor = false"))
    op.add_column(
        "api_token", sa.Column("second_factor", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    # A token says no more than it did; from now on a role that asks for a code ends it.
    op.execute(sa.text("UPDATE api_token SET second_factor = true"))
