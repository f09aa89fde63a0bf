"""Grants that end, slips for a new password, codes of regions with their past, and shifts of duty phones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("role_grant", sa.Column("until_at", _MOMENT, nullable=True))
    op.add_column("role_grant", sa.Column("given_at", _MOMENT, nullable=True))
    op.add_column("role_grant", sa.Column("given_by", sa.BigInteger, nullable=True))
    op.alter_column("app_user", "password_hash", nullable=True)
    op.create_table(
        "password_slip",
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("given_by", sa.BigInteger, nullable=True),
        sa.Column("until_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_password_slip")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
            name=op.f("fk_password_slip_user_id_app_user"),
            ondelete="CASCADE",
        ),
    )
    op.add_column("region", sa.Column("duty_shifts", postgresql.JSONB, nullable=True))
    _region_codes()


def _region_codes() -> None:
    op.create_table(
        "region_code",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("region_id", sa.BigInteger, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("from_day", sa.Date, nullable=True),
        sa.Column("until_day", sa.Date, nullable=True),
        sa.Column("recorded_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("recorded_by", sa.BigInteger, nullable=True),
        sa.CheckConstraint("from_day < until_day", name=op.f("ck_region_code_lasts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_code")),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["region.id"],
            name=op.f("fk_region_code_region_id_region"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_region_code_region_id"), "region_code", ["region_id"])
    op.create_index(op.f("ix_region_code_code"), "region_code", ["code"])
    op.execute(
        "INSERT INTO region_code (region_id, code) SELECT id, code FROM region WHERE code IS NOT NULL"
    )
