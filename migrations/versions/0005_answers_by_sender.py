"""Find what one phone has written: the same words within a minute are one answer."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sms_inbound_sender", "sms_inbound", ["sender", "received_at"])
