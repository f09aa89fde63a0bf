"""Who and what stands around residents can end and is changed knowingly; two that are no doubles; incidents are found by resident."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("organisation", "facility", "staff"):
        op.add_column(
            table,
            sa.Column("version", sa.BigInteger, nullable=False, server_default=sa.text("1")),
        )
    for table in ("organisation", "facility"):
        op.add_column(table, sa.Column("until_day", sa.Date))
    _no_double()
    op.create_index(
        "ix_incident_resident",
        "incident",
        ["resident_id"],
        postgresql_where=sa.text("resident_id IS NOT NULL"),
    )


def _no_double() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "no_double",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("one_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", time, nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "subject IN ('resident', 'home')", name=op.f("ck_no_double_subject_known")
        ),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_no_double_in_order")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_no_double_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_double")),
    )
    op.create_index(
        "uq_no_double_pair",
        "no_double",
        ["subject", "one_id", "other_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(op.f("ix_no_double_region_id"), "no_double", ["region_id"], unique=False)
