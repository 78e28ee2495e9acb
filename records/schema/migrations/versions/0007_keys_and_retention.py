"""Changes of the key, where each sealed file belongs, and when it was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACES = (
    "UPDATE blob SET about = coalesce((SELECT 'upload:' || campaign_id || '/' || village_code || '/' || version"
    " FROM upload WHERE upload.blob_id = blob.id),"
    " (SELECT 'document:' || document.key FROM document WHERE document.blob_id = blob.id), about)"
)


def upgrade() -> None:
    op.create_table(
        "key_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("old_key", sa.String(), nullable=False),
        sa.Column("new_key", sa.String(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_change")),
    )
    # A default lets SQLite add the column without writing every file anew.
    op.add_column("blob", sa.Column("about", sa.String(), nullable=False, server_default=""))
    op.add_column("blob", sa.Column("erased_at", Instant(), nullable=True))
    op.execute(PLACES)
