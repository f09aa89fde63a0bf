"""Drills: what is pressed when, and what nothing of it may touch. The ends of tests are told to the boards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.core.tables import Xid8

revision = "0026"
down_revision = "0025b"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_STATES = (
    "'queued', 'submitting', 'submitted', 'buffered', 'delivered', 'failed', 'expired', 'unknown', 'combined', 'cancelled',"
    " 'drill'"
)
_KINDS = "'sos', 'fall', 'inactivity', 'smoke', 'gas', 'water', 'medical', 'intrusion', 'unknown'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    name = op.f("ck_sms_message_state_known")
    op.drop_constraint(name, "sms_message", type_="check")
    op.create_check_constraint(name, "sms_message", f"state IN ({_STATES})")
    op.create_check_constraint(
        op.f("ck_incident_drill_apart"),
        "incident",
        "(mode = 'drill') = starts_with(subject, 'drill:')",
    )
    op.add_column(
        "test_period",
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
    )
    op.create_index(op.f("ix_test_period_changed_xid"), "test_period", ["changed_xid"])
    _create_drill()
    _create_press()


def _create_drill() -> None:
    op.create_table(
        "drill",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("region_id", sa.BigInteger, nullable=False),
        sa.Column("region_path", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("started_by", sa.BigInteger, nullable=False),
        sa.Column("started_by_name", sa.Text, nullable=False),
        sa.Column("until_at", _TIME, nullable=False),
        sa.Column("paused_at", _TIME, nullable=True),
        sa.Column("paused_s", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ending", sa.Text, nullable=True),
        sa.Column("ended_by_name", sa.Text, nullable=True),
        sa.CheckConstraint("ending IN ('over', 'stopped')", name=op.f("ck_drill_ending_known")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_drill_ended_somehow")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill")),
    )
    op.create_index(
        "uq_drill_running",
        "drill",
        ["region_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_drill_started", "drill", ["started_at"])


def _create_press() -> None:
    op.create_table(
        "drill_press",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("drill_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("home_id", sa.BigInteger, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("label_en", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("after_s", sa.BigInteger, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("state", sa.Text, server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("made_at", _TIME, nullable=True),
        sa.Column("incident_id", sa.UUID, nullable=True),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_drill_press_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'made', 'missed', 'left_out')",
            name=op.f("ck_drill_press_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["drill_id"], ["drill.id"], name=op.f("fk_drill_press_drill_id_drill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_press")),
    )
    op.create_index(op.f("ix_drill_press_drill_id"), "drill_press", ["drill_id"])
    op.create_index(
        "ix_drill_press_due",
        "drill_press",
        ["due_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
