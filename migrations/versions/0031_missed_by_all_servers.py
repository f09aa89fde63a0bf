"""How long nobody has looked on at a timer: an alarm is too old for what was missed, and never for how long it waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    missed = sa.Column("missed", sa.Interval, nullable=False, server_default=sa.text("'0'"))
    op.add_column("incident_timer", missed)
