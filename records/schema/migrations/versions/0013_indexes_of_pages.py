"""Indexes for what a page asks of a large county: one village's rows, one person's duties, one run's gates."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"

INDEXES = (
    ("duty", ("campaign_id", "village_code")),
    ("duty", ("person_id", "state")),
    ("duty", ("carrier_kind", "carrier_subject")),
    ("gate", ("campaign_id", "village_code")),
    ("gate", ("carrier_kind", "carrier_subject")),
    ("score_sheet", ("upload_id",)),
    ("visit", ("campaign_id", "village_code")),
)


def upgrade() -> None:
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
