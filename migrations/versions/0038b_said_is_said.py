"""What an administrator has said of a site stays said."""

from __future__ import annotations

from alembic import op

revision = "0038b"
down_revision = "0038"
branch_labels = None
depends_on = None

BEYOND_MODELS = True


def upgrade() -> None:
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON site_confirmation FROM callcenter_server")
