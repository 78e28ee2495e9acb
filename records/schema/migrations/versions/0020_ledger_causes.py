"""Results from above, recoveries and corrections with their documents; ledger rows by cause; what was paid out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0020"
down_revision = "0019"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "award_cause",
        sa.Column("id", BIG, nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("yuan", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("blob_id", BIG, nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_award_cause_campaign_id")),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name=op.f("fk_award_cause_blob_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_award_cause_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_cause")),
    )
    op.create_index("ix_award_cause_campaign_id_village_code", "award_cause", ["campaign_id", "village_code"])
    op.create_table(
        "payout",
        sa.Column("ledger_id", BIG, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_payout_ledger_id")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_payout_by")),
        sa.PrimaryKeyConstraint("ledger_id", name=op.f("pk_payout")),
    )
    _key_the_ledger()
    with op.batch_alter_table("payment_line") as line:
        line.add_column(sa.Column("cause_id", BIG, server_default="0", nullable=False))
    with op.batch_alter_table("document") as document:
        document.add_column(sa.Column("gate_id", BIG, nullable=True))
        document.create_foreign_key("fk_document_gate_id", "gate", ["gate_id"], ["id"])
    op.execute(
        "UPDATE document SET gate_id = (SELECT MAX(gate.id) FROM gate WHERE gate.answer = 'approve'"
        " AND gate.campaign_id = document.campaign_id AND ((gate.name = 'recommendation'"
        " AND document.key = gate.campaign_id || '\\:recommendation') OR (gate.name = 'award' AND document.key ="
        " gate.campaign_id || '\\:award\\:' || SUBSTR(gate.subject, LENGTH(gate.campaign_id) + 2) || '\\:'"
        " || CAST(gate.attempt AS VARCHAR))))"
    )


def _key_the_ledger() -> None:
    """Until now there was one row for a village, year and level; from now on one for each cause of a payment."""
    op.add_column("ledger", sa.Column("kind", sa.String(), server_default="payment", nullable=False))
    op.add_column("ledger", sa.Column("cause_id", BIG, server_default="0", nullable=False))
    op.add_column("ledger", sa.Column("key", sa.String(), server_default="", nullable=False))
    op.execute("UPDATE ledger SET kind = 'recovery' WHERE payable_yuan < 0")
    op.execute(
        "UPDATE ledger SET key = CASE WHEN campaign_id IS NULL"
        " THEN 'before\\:' || village_code || '\\:' || CAST(year AS VARCHAR) || '\\:' || level || '\\:1'"
        " ELSE campaign_id || '\\:' || level || '\\:' || village_code || '\\:0' END"
    )
    with op.batch_alter_table("ledger") as ledger:
        ledger.drop_constraint("uq_ledger_village_code_year_level", type_="unique")
        ledger.alter_column("key", existing_type=sa.String(), server_default=None)
        ledger.create_unique_constraint("uq_ledger_key", ["key"])
    op.create_index("ix_ledger_village_code", "ledger", ["village_code"])
