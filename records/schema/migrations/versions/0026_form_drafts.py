"""Drafts of long forms: what was typed and not yet handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "form_draft",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_form_draft_campaign_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_draft_person_id")),
        sa.PrimaryKeyConstraint(
            "campaign_id", "village_code", "person_id", "form", name=op.f("pk_form_draft")
        ),
    )
