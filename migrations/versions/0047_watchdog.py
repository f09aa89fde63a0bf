"""A watchdog on another machine: its account, the device that it presses, and what it said last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_ROLES = (
    "'operator', 'supervisor', 'dispatcher', 'grid_worker', 'community_worker', 'responder', 'caregiver',"
    " 'volunteer', 'provider', 'official', 'administrator', 'auditor', 'watchdog'"
)
_KINDS = (
    "'pendant', 'bedside_button', 'elder_phone', 'fall_detector', 'smoke_detector', 'hub',"
    " 'watchdog', 'other'"
)


def upgrade() -> None:
    _known("role_grant", "role", _ROLES)
    _known("device", "kind", _KINDS)
    # What the watchdog presses lies in no region and stays there, whatever moves incidents: no seat of a person sees it.
    op.execute(
        "ALTER TABLE incident ADD CONSTRAINT ck_incident_watch_is_nowhere CHECK"
        " (starts_with(subject, 'drill:watch:') = (region_path = '{0}'::bigint[])) NOT VALID"
    )
    op.execute("ALTER TABLE incident VALIDATE CONSTRAINT ck_incident_watch_is_nowhere")
    op.create_table(
        "watchdog",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("every_s", sa.BigInteger(), nullable=False),
        sa.Column("within_s", sa.BigInteger(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("circle", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
            name=op.f("fk_watchdog_user_id_app_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_watchdog_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchdog")),
        sa.UniqueConstraint("user_id", name=op.f("uq_watchdog_user_id")),
    )


def _known(table: str, column: str, values: str) -> None:
    name = f"ck_{table}_{column}_known"
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({values}))")
