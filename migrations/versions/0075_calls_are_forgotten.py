"""Whose a call was is not kept for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0071b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("call", "voice_call"):
        op.add_column(
            table,
            sa.Column(
                "is_forgotten", sa.Boolean(), server_default=sa.text("false"), nullable=False
            ),
        )
        op.create_index(
            f"ix_{table}_aged", table, ["ended_at"], postgresql_where=sa.text("NOT is_forgotten")
        )
