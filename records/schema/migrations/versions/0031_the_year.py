"""The year: what it was opened with, living rosters with their changes and due days, services."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records.schema import guards
from records.tables.columns import Instant

revision = "0031"
down_revision = "0030"


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "living_roster",
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("town_code", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("village_code", name=op.f("pk_living_roster")),
    )
    op.create_table(
        "service",
        sa.Column("id", BIG, nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("corrects", BIG, nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["corrects"], ["service.id"], name=op.f("fk_service_corrects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_index("ix_service_village_code_day", "service", ["village_code", "day"])
    op.create_table(
        "year_opening",
        sa.Column("id", BIG, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_opening")),
    )
    op.create_table(
        "living_person",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("lookup", sa.String(), nullable=False),
        sa.Column("there", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("confirmed", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"], ["living_roster.village_code"], name=op.f("fk_living_person_village_code")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_living_person")),
    )
    op.create_index("ix_living_person_lookup", "living_person", ["lookup"])
    op.create_index("ix_living_person_village_code", "living_person", ["village_code"])
    op.create_table(
        "roster_confirmation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_code"], ["living_roster.village_code"], name=op.f("fk_roster_confirmation_village_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_confirmation")),
    )
    op.create_index("ix_roster_confirmation_village_code", "roster_confirmation", ["village_code"])
    op.create_table(
        "roster_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("corrects", BIG, nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["corrects"], ["roster_change.id"], name=op.f("fk_roster_change_corrects")),
        sa.ForeignKeyConstraint(["person"], ["living_person.key"], name=op.f("fk_roster_change_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
    )
    op.create_index("ix_roster_change_person", "roster_change", ["person"])
    op.create_index("ix_roster_change_village_code", "roster_change", ["village_code"])
    op.create_table(
        "roster_due",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("town_code", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["living_person.key"], name=op.f("fk_roster_due_person")),
        sa.PrimaryKeyConstraint("person", "group_key", name=op.f("pk_roster_due")),
    )
    op.create_index("ix_roster_due_town_code_group_key_due", "roster_due", ["town_code", "group_key", "due"])
    guards.put_up(op.get_bind(), guards.OF_YEAR)
