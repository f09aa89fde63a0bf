"""Which servers live on this database, and of which release they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "server_life",
        sa.Column("process_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("build", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process_id", name="pk_server_life"),
        prefixes=["UNLOGGED"],
    )
