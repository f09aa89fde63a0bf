"""The server adds links, and can neither change nor delete them; of what it counts and proves it deletes nothing."""

from __future__ import annotations

from alembic import op

revision = "0043b"
down_revision = "0043"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_RIGHTS = (
    "REVOKE UPDATE, DELETE, TRUNCATE ON journal_link, timeline_link, database_start, number_gap, proof_run FROM callcenter_server",
    "REVOKE DELETE, TRUNCATE ON heard_count FROM callcenter_server",
    "GRANT UPDATE (lease_until, ended_at, result, failure) ON proof_run TO callcenter_server",
)


def upgrade() -> None:
    for statement in _RIGHTS:
        op.execute(statement)
