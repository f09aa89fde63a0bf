"""The serving role appends to the versions of plans and to what incidents ran with, and changes nothing of them."""

from __future__ import annotations

from alembic import op

revision = "0018b"
down_revision = "0018"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""


def upgrade() -> None:
    op.execute(
        "REVOKE UPDATE, DELETE, TRUNCATE ON action_plan_version, incident_plan FROM callcenter_server"
    )
