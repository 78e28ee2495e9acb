"""The foundation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "blob",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blob")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("now", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("town_code", sa.String(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "calendar",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.Column("makeup_workdays", sa.JSON(), nullable=False),
        sa.Column("published_until", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_calendar_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_calendar")),
    )
    op.create_table(
        "carrier",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("flow_run_id", sa.String(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("sleep_key", sa.String(), nullable=True),
        sa.Column("gate_id", sa.Integer(), nullable=True),
        sa.Column("waits_for", sa.String(), nullable=False),
        sa.Column("wakes", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_carrier_campaign_id")),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_carrier")),
    )
    with op.batch_alter_table("carrier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carrier_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name=op.f("fk_document_blob_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_document_campaign_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_document")),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("carrier_kind", sa.String(), nullable=False),
        sa.Column("carrier_subject", sa.String(), nullable=False),
        sa.Column("town_code", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("lock_at", Instant(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_duty_campaign_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("key", name=op.f("uq_duty_key")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_campaign_id_state", ["campaign_id", "state"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("level_yuan", sa.Integer(), nullable=False),
        sa.Column("payable_yuan", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_ledger_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("village_code", "year", "level", name=op.f("uq_ledger_village_code_year_level")),
    )
    op.create_table(
        "recommendation",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.Column("recommended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_recommendation_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "village_code", name=op.f("pk_recommendation")),
    )
    op.create_table(
        "stage",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("lock_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_stage_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "name", name=op.f("pk_stage")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("filed_by", sa.String(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("checked_at", Instant(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name=op.f("fk_upload_blob_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_upload_campaign_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_upload_filed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint(
            "campaign_id", "village_code", "version", name=op.f("uq_upload_campaign_id_village_code_version")
        ),
    )
    op.create_table(
        "village",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("town_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("supplementary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_village_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "code", name=op.f("pk_village")),
    )
    with op.batch_alter_table("village", schema=None) as batch_op:
        batch_op.create_index("ix_village_campaign_id_town_code", ["campaign_id", "town_code"], unique=False)

    op.create_table(
        "bell",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind", "subject"], ["carrier.kind", "carrier.subject"], name="fk_bell_carrier"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bell")),
    )
    with op.batch_alter_table("bell", schema=None) as batch_op:
        batch_op.create_index("ix_bell_answered_kind_subject", ["answered", "kind", "subject"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("duty_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_before", Instant(), nullable=False),
        sa.Column("due_after", Instant(), nullable=False),
        sa.Column("lock_after", Instant(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("granted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_extension_duty_id")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_extension_granted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_duty_id"), ["duty_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_finding_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "position", name=op.f("pk_finding")),
    )
    op.create_table(
        "gate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("town_code", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("carrier_kind", sa.String(), nullable=False),
        sa.Column("carrier_subject", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_gate_campaign_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_gate_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate")),
        sa.UniqueConstraint(
            "campaign_id", "name", "subject", "attempt", name=op.f("uq_gate_campaign_id_name_subject_attempt")
        ),
    )
    op.create_table(
        "roster_person",
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("lookup", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_roster_person_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "row", name=op.f("pk_roster_person")),
    )
    with op.batch_alter_table("roster_person", schema=None) as batch_op:
        batch_op.create_index("ix_roster_person_lookup", ["lookup"], unique=False)

    op.create_table(
        "rung_fire",
        sa.Column("duty_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("fired_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_rung_fire_duty_id")),
        sa.PrimaryKeyConstraint("duty_id", "generation", "rung", name=op.f("pk_rung_fire")),
    )
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("adjustments", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("total", sa.String(), nullable=False),
        sa.Column("part_a", sa.String(), nullable=False),
        sa.Column("vetoes", sa.JSON(), nullable=False),
        sa.Column("scored_by", sa.String(), nullable=False),
        sa.Column("scored_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_score_sheet_campaign_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_score_sheet_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
    )
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.create_index(
            "ix_score_sheet_campaign_id_village_code", ["campaign_id", "village_code"], unique=False
        )

    op.create_table(
        "visit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visited_by", sa.String(), nullable=False),
        sa.Column("visited_at", Instant(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("adjustments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_visit_campaign_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_visit_upload_id")),
        sa.ForeignKeyConstraint(["visited_by"], ["person.id"], name=op.f("fk_visit_visited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_table(
        "approval_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_approval_code_gate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_approval_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_code")),
    )
    with op.batch_alter_table("approval_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_code_gate_id"), ["gate_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("seen_hash", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_decision_gate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decision_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "gate_id", "attempt", "person_id", name=op.f("uq_decision_gate_id_attempt_person_id")
        ),
        sa.UniqueConstraint("gate_id", "attempt", "seat", name=op.f("uq_decision_gate_id_attempt_seat")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("gate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_outbox_campaign_id")),
        sa.ForeignKeyConstraint(["gate_id"], ["gate.id"], name=op.f("fk_outbox_gate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_state_not_before", ["state", "not_before"], unique=False)
    op.execute("INSERT INTO audit_head (id, length, hash) VALUES (1, 0, '" + "0" * 64 + "')")


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state_not_before")

    op.drop_table("outbox")
    op.drop_table("decision")
    with op.batch_alter_table("approval_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_code_gate_id"))

    op.drop_table("approval_code")
    op.drop_table("visit")
    with op.batch_alter_table("score_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_score_sheet_campaign_id_village_code")

    op.drop_table("score_sheet")
    op.drop_table("rung_fire")
    with op.batch_alter_table("roster_person", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_person_lookup")

    op.drop_table("roster_person")
    op.drop_table("gate")
    op.drop_table("finding")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_duty_id"))

    op.drop_table("extension")
    with op.batch_alter_table("bell", schema=None) as batch_op:
        batch_op.drop_index("ix_bell_answered_kind_subject")

    op.drop_table("bell")
    with op.batch_alter_table("village", schema=None) as batch_op:
        batch_op.drop_index("ix_village_campaign_id_town_code")

    op.drop_table("village")
    op.drop_table("upload")
    op.drop_table("stage")
    op.drop_table("recommendation")
    op.drop_table("ledger")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_campaign_id_state")

    op.drop_table("duty")
    op.drop_table("document")
    with op.batch_alter_table("carrier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carrier_campaign_id"))

    op.drop_table("carrier")
    op.drop_table("calendar")
    op.drop_table("person")
    op.drop_table("clock")
    op.drop_table("campaign")
    op.drop_table("blob")
    op.drop_table("audit_head")
    op.drop_table("audit")
