"""Whether contacts are told one by one or all at once, when the next one is told by itself, and how people are called in texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None

_POLICIES = "contact_policy IN ('one_by_one', 'all_at_once')"
_KINDS = "kind IN ('untaken', 'taker_gone', 'follow_up', 'contact_silent')"


def upgrade() -> None:
    for table in ("region", "resident"):
        op.add_column(table, sa.Column("contact_policy", sa.Text, nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_contact_policy_known"), table, _POLICIES)
    op.add_column("region", sa.Column("next_contact_s", sa.BigInteger, nullable=True))
    op.create_check_constraint(
        op.f("ck_region_next_contact_s_known"),
        "region",
        "next_contact_s = 0 OR next_contact_s BETWEEN 30 AND 3600",
    )
    op.add_column(
        "resident", sa.Column("salutation", sa.Text, server_default=sa.text("''"), nullable=False)
    )
    op.drop_constraint("ck_incident_timer_kind_known", "incident_timer")
    op.create_check_constraint(op.f("ck_incident_timer_kind_known"), "incident_timer", _KINDS)
