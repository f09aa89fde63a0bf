"""The way that somebody takes on duty is kept by day; what they have to do now is found by who has it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_track",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('page', 'check_in', 'device')", name=op.f("ck_staff_track_source_known")
        ),
        sa.PrimaryKeyConstraint("staff_id", "at", name=op.f("pk_staff_track")),
        postgresql_partition_by="RANGE (at)",
    )
