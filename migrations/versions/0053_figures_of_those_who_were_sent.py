"""Tasks of alarms are found by when they were asked for: the figures of a month do not read every visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0051b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_task_rescue",
        "task",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'rescue'"),
    )
