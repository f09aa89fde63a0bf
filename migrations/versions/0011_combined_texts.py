"""A text may be told by another to the same number, which counts it in."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATES = "'queued', 'submitting', 'submitted', 'buffered', 'delivered', 'failed', 'expired', 'unknown', 'combined'"


def upgrade() -> None:
    name = op.f("ck_sms_message_state_known")
    op.drop_constraint(name, "sms_message", type_="check")
    op.create_check_constraint(name, "sms_message", f"state IN ({STATES})")
