"""What a region says of calling again and of its call lists, and by which signal a press test has ticked itself off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028b"
branch_labels = None
depends_on = None

_RESULTS = (
    "result IN ('well', 'needs_help', 'needs_service', 'no_answer', 'wrong_number', 'postponed', 'not_needed', 'recovered', 'gone', "
    "'pressed')"
)


def upgrade() -> None:
    op.add_column("region", sa.Column("follow_min", sa.BigInteger, nullable=True))
    op.create_check_constraint(
        op.f("ck_region_follow_min_known"), "region", "follow_min BETWEEN 1 AND 1440"
    )
    op.add_column("region", sa.Column("call_policies", postgresql.JSONB, nullable=True))
    op.add_column("call_item", sa.Column("signal_id", sa.Uuid, nullable=True))
    op.add_column("call_item", sa.Column("signal_kind", sa.Text, nullable=True))
    op.add_column("call_item", sa.Column("signal_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint("ck_call_item_result_known", "call_item")
    op.create_check_constraint(op.f("ck_call_item_result_known"), "call_item", _RESULTS)
