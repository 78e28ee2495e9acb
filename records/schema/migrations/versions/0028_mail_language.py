"""In which language somebody reads their mails."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("person", sa.Column("language", sa.String(), nullable=False, server_default="zh"))
