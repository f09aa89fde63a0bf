"""The list of number rules is replaced as a whole; a prompt is taken back, and its row stays."""

from __future__ import annotations

from alembic import op

revision = "0070b"
down_revision = "0070"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_GRANTS = (
    "GRANT DELETE ON number_rule TO callcenter_server",
    "REVOKE DELETE, TRUNCATE ON prompt FROM callcenter_server",
)


def upgrade() -> None:
    for statement in _GRANTS:
        op.execute(statement)
