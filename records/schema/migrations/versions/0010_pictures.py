"""Pictures out of dossiers and from visits, and what else a visit notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0010"
down_revision = "0009"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = ("sheet", "ref", "indicator", "name", "sha256", "taken", "likeness", "trouble")
BLOBS = ("shown_blob_id", "thumbnail_blob_id", "original_blob_id")


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("id", BIG, nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("upload_id", BIG, nullable=True),
        sa.Column("visit_id", BIG, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in TEXTS),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("size", "width", "height")),
        *(sa.Column(name, BIG, nullable=True) for name in BLOBS),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_picture_campaign_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_picture_upload_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_picture_visit_id")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_picture_added_by")),
        *(sa.ForeignKeyConstraint([name], ["blob.id"], name=op.f(f"fk_picture_{name}")) for name in BLOBS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
    )
    op.create_index("ix_picture_campaign_id_village_code", "picture", ["campaign_id", "village_code"])
    op.create_index("ix_picture_upload_id", "picture", ["upload_id"])
    op.create_table(
        "picture_likeness",
        sa.Column("picture_id", BIG, nullable=False),
        sa.Column("other_id", BIG, nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_picture_likeness_picture_id")),
        sa.ForeignKeyConstraint(["other_id"], ["picture.id"], name=op.f("fk_picture_likeness_other_id")),
        sa.PrimaryKeyConstraint("picture_id", "other_id", name=op.f("pk_picture_likeness")),
    )
    op.create_index("ix_picture_likeness_other_id", "picture_likeness", ["other_id"])
    op.create_table(
        "visit_draft",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_visit_draft_campaign_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_draft_person_id")),
        sa.PrimaryKeyConstraint("campaign_id", "village_code", "person_id", name=op.f("pk_visit_draft")),
    )
    with op.batch_alter_table("visit") as visit:
        visit.add_column(sa.Column("met", sa.JSON(), nullable=False, server_default="{}"))
        visit.add_column(sa.Column("position", sa.String(), nullable=False, server_default=""))
