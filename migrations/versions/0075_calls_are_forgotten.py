"""Whose a call was is not kept for ever, a plan says when a contact who does not answer is rung, and organisations have a number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0071b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("call", "voice_call"):
        op.add_column(
            table,
            sa.Column(
                "is_forgotten", sa.Boolean(), server_default=sa.text("false"), nullable=False
            ),
        )
        op.create_index(
            f"ix_{table}_aged", table, ["ended_at"], postgresql_where=sa.text("NOT is_forgotten")
        )
    for table in ("action_plan", "action_plan_version"):
        op.add_column(table, sa.Column("ring_after_s", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_action_plan_rings_in_time"), "action_plan", "ring_after_s BETWEEN 0 AND 1800"
    )
    op.add_column("organisation", sa.Column("phone", sa.Text(), nullable=True))
