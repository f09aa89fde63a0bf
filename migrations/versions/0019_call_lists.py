"""Call lists, plans of well-being calls, calls that are due, reports of them, and when a server could store alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_list",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("every", sa.Text(), nullable=True),
        sa.Column("weekday", sa.BigInteger(), nullable=True),
        sa.Column("month_day", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("days", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "every IN ('daily', 'weekdays', 'weekly', 'monthly')",
            name=op.f("ck_call_list_every_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('roll_call', 'well_being', 'silent_device', 'low_battery', 'press_test', 'idle_device')",
            name=op.f("ck_call_list_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_call_list_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_list")),
    )
    op.create_index(
        "ix_call_list_next",
        "call_list",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("active"),
    )
    op.create_index(op.f("ix_call_list_region_id"), "call_list", ["region_id"], unique=False)
    op.create_table(
        "call_plan",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("weekday", sa.BigInteger(), nullable=True),
        sa.Column("month_day", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "every IN ('daily', 'weekdays', 'weekly', 'monthly')",
            name=op.f("ck_call_plan_every_known"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["call_list.id"],
            name=op.f("fk_call_plan_list_id_call_list"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_call_plan_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_plan")),
        sa.UniqueConstraint(
            "list_id", "resident_id", name=op.f("uq_call_plan_list_id_resident_id")
        ),
    )
    op.create_index("ix_call_plan_next", "call_plan", ["next_at"], unique=False)
    op.create_index("ix_call_plan_resident", "call_plan", ["resident_id"], unique=False)
    op.create_table(
        "call_item",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("occurrence", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column(
            "reasons", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stale_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "result IN ('well', 'needs_help', 'needs_service', 'no_answer', 'wrong_number', 'postponed', 'not_needed', 'recovered', 'gone')",
            name=op.f("ck_call_item_result_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'leased', 'done', 'given_up', 'escalated', 'missed')",
            name=op.f("ck_call_item_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["call_list.id"],
            name=op.f("fk_call_item_list_id_call_list"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_item")),
        sa.UniqueConstraint(
            "list_id", "subject", "occurrence", name=op.f("uq_call_item_list_id_subject_occurrence")
        ),
    )
    op.create_index(
        "ix_call_item_due",
        "call_item",
        ["rank", "next_try_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'leased')"),
    )
    op.create_index("ix_call_item_home", "call_item", ["home_id"], unique=False)
    op.create_index("ix_call_item_list", "call_item", ["list_id", "state", "due_at"], unique=False)
    op.create_index(
        "ix_call_item_stale",
        "call_item",
        ["state", "stale_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'missed')"),
    )
    op.create_index(
        "uq_call_item_leased_by",
        "call_item",
        ["leased_by"],
        unique=True,
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_table(
        "call_attempt",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "result IN ('well', 'needs_help', 'needs_service', 'no_answer', 'wrong_number', 'postponed', 'not_needed')",
            name=op.f("ck_call_attempt_result_known"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["call_item.id"],
            name=op.f("fk_call_attempt_item_id_call_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempt")),
    )
    op.create_index("ix_call_attempt_item", "call_attempt", ["item_id", "at"], unique=False)
    op.create_table(
        "call_signal",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("incident_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('sos', 'help', 'fall', 'inactivity', 'smoke', 'gas', 'water', 'medical', 'intrusion', 'cancel', 'restore', 'test', 'heartbeat', 'low_battery', 'power_fail', 'power_restore', 'tamper', 'technical', 'information', 'unknown')",
            name=op.f("ck_call_signal_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_signal")),
    )
    op.create_index("ix_call_signal_item", "call_signal", ["item_id"], unique=False)
    op.create_index(
        "ix_call_signal_waiting",
        "call_signal",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("raised_at IS NULL"),
    )
    op.create_table(
        "watch_span",
        sa.Column("process_id", sa.UUID(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process_id", "since", name=op.f("pk_watch_span")),
    )
    op.create_index("ix_watch_span_until", "watch_span", ["until"], unique=False)
