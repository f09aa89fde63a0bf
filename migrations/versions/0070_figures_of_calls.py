"""Recorded prompts of the site; red calls of devices are found by the device: whether it called before, and whether it called again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_call_red_of_device",
        "call",
        ["device_id", "offered_at"],
        postgresql_where=sa.text("kind = 'red' AND direction = 'in'"),
    )
    op.create_table(
        "prompt",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("was", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("converted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("is_used", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_prompt_language_known")),
        sa.CheckConstraint(
            "name ~ '^[a-z][a-z0-9-]{1,47}$'", name=op.f("ck_prompt_name_of_a_file")
        ),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_prompt_says_something")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["app_user.id"], name=op.f("fk_prompt_changed_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt")),
        sa.UniqueConstraint("name", "language", name=op.f("uq_prompt_name_language")),
    )
