"""Who said of two that they are no doubles, and who took that back, stays."""

from __future__ import annotations

from alembic import op

revision = "0042b"
down_revision = "0042"
branch_labels = None
depends_on = None

BEYOND_MODELS = True


def upgrade() -> None:
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON no_double FROM callcenter_server")
    op.execute("GRANT UPDATE (undone_at, undone_by) ON no_double TO callcenter_server")
