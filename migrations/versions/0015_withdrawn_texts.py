"""A text whose cause was a mistake is void: one not sent yet is cancelled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = "'queued', 'submitting', 'submitted', 'buffered', 'delivered', 'failed', 'expired', 'unknown', 'combined', 'cancelled'"


def upgrade() -> None:
    op.add_column(
        "sms_message", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True)
    )
    name = op.f("ck_sms_message_state_known")
    op.drop_constraint(name, "sms_message", type_="check")
    op.create_check_constraint(name, "sms_message", f"state IN ({STATES})")
