"""What residents wish of those who come to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at = sa.DateTime(timezone=True)
    empty = sa.text("''")
    op.create_table(
        "care_wish",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), server_default=empty, nullable=False),
        sa.Column("said_at", at, nullable=False),
        sa.Column("call_id", sa.UUID(), nullable=True),
        sa.Column("call_item_id", sa.BigInteger(), nullable=True),
        sa.Column("heard_by", sa.BigInteger(), nullable=True),
        sa.Column("heard_by_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("ended_at", at, nullable=True),
        sa.Column("ended_words", sa.Text(), server_default=empty, nullable=False),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_by_staff", sa.BigInteger(), nullable=True),
        sa.Column("ended_by_name", sa.Text(), server_default=empty, nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'withdrawn')", name=op.f("ck_care_wish_state_known")
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_care_wish_says_something")),
        sa.CheckConstraint(
            "num_nonnulls(call_id, call_item_id) <= 1", name=op.f("ck_care_wish_said_in_one_call")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name=op.f("ck_care_wish_ended_at_a_time")
        ),
        sa.CheckConstraint(
            "state = 'open' OR ended_words <> ''", name=op.f("ck_care_wish_ended_with_a_word")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_care_wish_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["heard_by"], ["app_user.id"], name=op.f("fk_care_wish_heard_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["app_user.id"], name=op.f("fk_care_wish_ended_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_staff"], ["staff.id"], name=op.f("fk_care_wish_ended_by_staff_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_wish")),
    )
    op.create_index(op.f("ix_care_wish_resident_id"), "care_wish", ["resident_id"])
