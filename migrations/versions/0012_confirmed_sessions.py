"""When a session gave its password again, for steps that ask for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "login_session", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True)
    )
