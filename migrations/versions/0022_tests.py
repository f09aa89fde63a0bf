"""Tests: what is in test until when, and whether an incident is one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "incident",
        sa.Column("mode", sa.Text, server_default=sa.text("'real'"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_incident_mode_known"), "incident", "mode IN ('real', 'test', 'drill')"
    )
    op.create_check_constraint(
        op.f("ck_incident_test_calls_nobody"), "incident", "mode <> 'test' OR escalated = 0"
    )
    op.create_table(
        "test_period",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("subject_id", sa.BigInteger, nullable=False),
        sa.Column("label", sa.Text, server_default=sa.text("''"), nullable=False),
        sa.Column("region_id", sa.BigInteger, nullable=False),
        sa.Column("region_path", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("from_at", _TIME, nullable=False),
        sa.Column("until_at", _TIME, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", sa.BigInteger, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("noticed_at", _TIME, nullable=True),
        sa.CheckConstraint(
            "subject IN ('device', 'home', 'region')", name=op.f("ck_test_period_subject_known")
        ),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_test_period_ends_after_it_begins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_period")),
    )
    op.create_index("ix_test_period_until", "test_period", ["until_at"])
