"""Action plans, their versions, and which of them an incident runs with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_TEXTS = postgresql.ARRAY(sa.Text())


def upgrade() -> None:
    op.create_table(
        "action_plan",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("kinds", _TEXTS, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", _AT, nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(region_id, resident_id) = 1", name=op.f("ck_action_plan_one_owner")
        ),
        sa.CheckConstraint("cardinality(kinds) > 0", name=op.f("ck_action_plan_of_some_kind")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_action_plan_region_id_region")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_action_plan_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan")),
    )
    op.create_index(op.f("ix_action_plan_region_id"), "action_plan", ["region_id"])
    op.create_index(op.f("ix_action_plan_resident_id"), "action_plan", ["resident_id"])
    op.create_table(
        "action_plan_version",
        sa.Column("plan_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kinds", _TEXTS, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "version", name=op.f("pk_action_plan_version")),
    )
    op.create_table(
        "incident_plan",
        sa.Column("incident_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "number", name=op.f("pk_incident_plan")),
    )
