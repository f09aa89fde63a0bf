"""Red calls of devices are found by the device: whether it has called before, and whether it called again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0065b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_call_red_of_device",
        "call",
        ["device_id", "offered_at"],
        postgresql_where=sa.text("kind = 'red' AND direction = 'in'"),
    )
