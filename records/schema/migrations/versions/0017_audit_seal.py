"""The keyed seal of the audit chain, and what the database itself refuses to do to the log.

The seal needs the key, which no migration has: `hqe upgrade` seals what is there when the tables have come.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.schema import guards

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
    )
    guards.put_up(op.get_bind(), guards.OF_AUDIT)
