"""Announcements to all seats, emergency access with a reason, and screens across the room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.core.tables import Xid8

revision = "0028"
down_revision = "0027b"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _announcements()
    _emergency_access()
    _wall_screens()


def _versioned() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("version", sa.BigInteger, server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
    )


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("must_acknowledge", sa.Boolean, nullable=False),
        sa.Column("region_ids", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("addressed", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("seated", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("by_id", sa.BigInteger, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("until_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        *_versioned(),
        sa.CheckConstraint("words <> ''", name=op.f("ck_announcement_says_something")),
        sa.CheckConstraint(
            "until_at > written_at", name=op.f("ck_announcement_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index(
        "ix_announcement_standing",
        "announcement",
        ["until_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_announcement_changed_xid"), "announcement", ["changed_xid"])
    op.create_table(
        "announcement_read",
        sa.Column("announcement_id", sa.UUID, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("read_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_read_announcement_id_announcement"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
            name=op.f("fk_announcement_read_user_id_app_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "user_id", name=op.f("pk_announcement_read")),
    )


def _emergency_access() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("home_id", sa.BigInteger, nullable=True),
        sa.Column("region_path", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ended_by", sa.BigInteger, nullable=True),
        sa.Column("ended_by_name", sa.Text, nullable=True),
        *_versioned(),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_emergency_access_has_a_reason")),
        sa.CheckConstraint(
            "ends_at > opened_at", name=op.f("ck_emergency_access_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
    )
    op.create_index("ix_emergency_access_user", "emergency_access", ["user_id", "opened_at"])
    op.create_index(
        "ix_emergency_access_running",
        "emergency_access",
        ["ends_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_emergency_access_changed_xid"), "emergency_access", ["changed_xid"])


def _wall_screens() -> None:
    op.create_table(
        "wall_screen",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("region_id", sa.BigInteger, nullable=False),
        sa.Column("shows", sa.Text, nullable=False),
        sa.Column("code_hash", sa.LargeBinary, nullable=True),
        sa.Column("code_until", _TIME, nullable=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=True),
        sa.Column("by_id", sa.BigInteger, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("paired_at", _TIME, nullable=True),
        sa.Column("seen_at", _TIME, nullable=True),
        sa.Column("expires_at", _TIME, nullable=True),
        sa.Column("address", sa.Text, server_default=sa.text("''"), nullable=False),
        sa.Column("revoked_at", _TIME, nullable=True),
        sa.CheckConstraint(
            "shows IN ('building', 'address', 'names')", name=op.f("ck_wall_screen_shows_known")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_wall_screen_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_screen")),
    )
    op.create_index("uq_wall_screen_code", "wall_screen", ["code_hash"], unique=True)
    op.create_index("uq_wall_screen_token", "wall_screen", ["token_hash"], unique=True)
