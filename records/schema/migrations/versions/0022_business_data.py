"""Extracts of business data beside the claims of dossiers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0022"
down_revision = "0021"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "business_extract",
        sa.Column("id", KEY, nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("blob_id", KEY, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("imported_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name=op.f("fk_business_extract_blob_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_business_extract_campaign_id")
        ),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_business_extract_imported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_extract")),
    )
    with op.batch_alter_table("business_extract", schema=None) as batch_op:
        batch_op.create_index("ix_business_extract_campaign_id", ["campaign_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("business_extract", schema=None) as batch_op:
        batch_op.drop_index("ix_business_extract_campaign_id")
    op.drop_table("business_extract")
