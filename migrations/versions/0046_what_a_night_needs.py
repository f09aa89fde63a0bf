"""A night can be gone through again: commands are kept as they were given, and who sat where when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incident_command", sa.Column("body", postgresql.JSONB(), nullable=True))
    op.create_table(
        "seat_change",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("region_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("supervised_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("armed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("pause", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_change")),
    )
    op.create_index("ix_seat_change_at", "seat_change", ["at"])
