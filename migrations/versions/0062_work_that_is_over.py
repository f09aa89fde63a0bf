"""How work was, by a digit; and old work of the field is found by when it ended, and still counted when it has gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ratings()
    _figures()
    _indexes()


def _ratings() -> None:
    op.create_table(
        "task_rating",
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_phone", sa.Text(), nullable=True),
        sa.Column("rating", sa.BigInteger(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "(rating IS NULL) = (rated_at IS NULL)", name=op.f("ck_task_rating_rated_at_a_time")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_task_rating_rating_in_range")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_task_rating_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_task_rating")),
    )
    op.create_index(
        "ix_task_rating_asked",
        "task_rating",
        ["asked_phone", "asked_at"],
        postgresql_where=sa.text("asked_phone IS NOT NULL"),
    )
    op.execute(
        "INSERT INTO task_rating (task_id, asked_at, asked_phone, rating, rated_at, rated_by)"
        " SELECT task_id, asked_at, asked_phone, rating, rated_at, rated_by FROM ride"
        " WHERE asked_at IS NOT NULL OR rating IS NOT NULL"
    )
    op.drop_index("ix_ride_asked", "ride")
    op.drop_constraint(op.f("ck_ride_rated_at_a_time"), "ride")
    op.drop_constraint(op.f("ck_ride_rating_in_range"), "ride")
    for column in ("asked_at", "asked_phone", "rating", "rated_at", "rated_by"):
        op.drop_column("ride", column)


def _figures() -> None:
    op.create_table(
        "field_figure",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rated", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("stars", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("day", "region_id", "what", "ended", name=op.f("pk_field_figure")),
    )


def _indexes() -> None:
    op.create_index(
        "ix_task_over", "task", ["ended_at"], postgresql_where=sa.text("ended_at IS NOT NULL")
    )
    op.create_index("ix_field_command_received", "field_command", ["received_at"])
    for table in ("check_in", "round_check"):
        op.create_index(
            f"ix_{table}_place", table, ["received_at"], postgresql_where=sa.text("lat IS NOT NULL")
        )
