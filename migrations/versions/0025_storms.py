"""Storms, orders for them, and how many technical alarms of a kind are one in a region."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from callcenter.core.tables import Xid8

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.add_column("region", sa.Column("storm_alarms", sa.BigInteger, nullable=True))
    op.create_check_constraint(
        op.f("ck_region_storm_alarms_known"), "region", "storm_alarms BETWEEN 0 AND 1000"
    )
    _create_storms()
    _create_orders()


def _create_storms() -> None:
    op.create_table(
        "storm",
        sa.Column("id", postgresql.UUID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("region_id", sa.BigInteger, nullable=False),
        sa.Column("region_path", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("below", sa.Boolean, nullable=False),
        sa.Column("reaches", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("over_at", _TIME, nullable=True),
        sa.Column("settled_at", _TIME, nullable=True),
        sa.Column("order_id", postgresql.UUID, nullable=True),
        sa.Column("version", sa.BigInteger, server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.CheckConstraint("mode IN ('real', 'test', 'drill')", name=op.f("ck_storm_mode_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storm")),
    )
    op.create_index("ix_storm_changed_xid", "storm", ["changed_xid"])
    op.create_index(
        "uq_storm_running",
        "storm",
        ["region_id", "kind", "mode"],
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
    )
    op.create_index(
        "ix_storm_settled", "storm", ["since"], postgresql_where=sa.text("settled_at IS NULL")
    )
    op.create_index("ix_storm_place", "storm", ["region_id", "kind", "since"])


def _create_orders() -> None:
    op.create_table(
        "storm_order",
        sa.Column("id", postgresql.UUID, nullable=False),
        sa.Column("storm_id", postgresql.UUID, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=True),
        sa.Column("note", sa.Text, server_default=sa.text("''"), nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("regions", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("ordered_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("state", sa.Text, server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("lease_until", _TIME, nullable=True),
        sa.Column("after_number", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("left_out", sa.BigInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("taken_back_by", sa.BigInteger, nullable=True),
        sa.CheckConstraint(
            "action IN ('take', 'note', 'close')", name=op.f("ck_storm_order_action_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'taken_back', 'lapsed')",
            name=op.f("ck_storm_order_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["storm_id"], ["storm.id"], name=op.f("fk_storm_order_storm_id_storm")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storm_order")),
    )
    op.create_index(
        "uq_storm_order_open", "storm_order", ["storm_id"], unique=True, postgresql_where=_OPEN
    )
    op.create_index("ix_storm_order_due", "storm_order", ["due_at"], postgresql_where=_OPEN)
