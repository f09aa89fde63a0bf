"""Phones of those who are sent: their log-ins, codes and links, photographs, codes of doors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_code",
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_left", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_field_code_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_field_code")),
    )
    op.create_table(
        "field_link",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until_at > made_at", name=op.f("ck_field_link_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_field_link_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_link")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_field_link_code_hash")),
    )
    op.create_index(op.f("ix_field_link_staff_id"), "field_link", ["staff_id"], unique=False)
    op.create_table(
        "field_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "opened_by IN ('code', 'link')", name=op.f("ck_field_session_opened_by_known")
        ),
        sa.CheckConstraint(
            "until_at > opened_at", name=op.f("ck_field_session_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_field_session_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_field_session")),
    )
    op.create_index(op.f("ix_field_session_staff_id"), "field_session", ["staff_id"], unique=False)
    op.create_table(
        "home_code",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('door', 'card')", name=op.f("ck_home_code_kind_known")),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_home_code_home_id_home"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_code")),
    )
    op.create_index(op.f("ix_home_code_home_id"), "home_code", ["home_id"], unique=False)
    op.create_table(
        "photo",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("phash", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("nonce", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("nonce_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alike", sa.UUID(), nullable=True),
        sa.Column("refused", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "(content IS NULL) = (refused <> '')", name=op.f("ck_photo_kept_or_refused")
        ),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (content IS NULL)", name=op.f("ck_photo_kept_with_its_sum")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_photo_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_photo_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("sha256", name=op.f("uq_photo_sha256")),
    )
    op.create_index("ix_photo_received", "photo", ["received_at"], unique=False)
    op.create_index("ix_photo_staff", "photo", ["staff_id", "received_at"], unique=False)
    op.create_index(op.f("ix_photo_task_id"), "photo", ["task_id"], unique=False)
