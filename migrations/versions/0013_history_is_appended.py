"""The serving role appends to the timeline and to the proofs, and changes nothing of them."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""


def upgrade() -> None:
    op.execute(
        "REVOKE UPDATE, DELETE, TRUNCATE ON timeline_entry, incident_proof FROM callcenter_server"
    )
