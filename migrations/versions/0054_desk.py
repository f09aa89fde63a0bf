"""The tasks of a day, and what somebody has in hand, are found among those of years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_task_begins", "task", ["begins_at"])
    op.create_index(
        "ix_task_held",
        "task",
        ["staff_id", "begins_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
