"""Accounts of the portal, and what towns ask for through it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("window_ends_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "credential",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed", sa.Boolean(), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "portal_session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_portal_session_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_portal_session")),
    )
    op.create_index("ix_portal_session_person_id", "portal_session", ["person_id"])
    _create_extension_request()


def _create_extension_request() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "extension_request",
        sa.Column("id", key, nullable=False),
        sa.Column("duty_id", key, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("wanted_due", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_extension_request_duty_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_extension_request_asked_by")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_extension_request_answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    op.create_index("ix_extension_request_duty_id", "extension_request", ["duty_id"])
