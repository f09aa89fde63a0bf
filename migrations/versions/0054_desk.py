"""The tasks of a day are found among those of years."""

from __future__ import annotations

from alembic import op

revision = "0054"
down_revision = "0050b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_task_begins", "task", ["begins_at"])
