"""Deleted homes and devices leave a mark, and the devices with a key are found without reading all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.core.tables import Xid8

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "removal",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "removed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
    )
    op.create_index(op.f("ix_removal_removed_xid"), "removal", ["removed_xid"], unique=False)
    op.create_index(
        "ix_device_with_key",
        "device",
        ["id"],
        unique=False,
        postgresql_where=sa.text("key_sealed IS NOT NULL"),
    )
