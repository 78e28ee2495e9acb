"""Absences: who is away on which days and who stands in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.tables.columns import Instant

revision = "0014"
down_revision = "0013"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PEOPLE = ("person_id", "deputy", "recorded_by", "ended_by")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=False),
        sa.Column("first_day", sa.String(), nullable=False),
        sa.Column("last_day", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_absence_{column}"))
            for column in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_last_day"), "absence", ["last_day"])
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"])
