"""What somebody has ended lately, and the rides of a day, are found among those of years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0058b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_task_ended",
        "task",
        ["staff_id", "ended_at"],
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index("ix_ride_day", "ride", ["booked_for"])
