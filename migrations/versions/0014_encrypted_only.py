"""Whether a device that has a key must encrypt its polls; NULL: as its listener has it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("encrypted_only", sa.Boolean, nullable=True))
