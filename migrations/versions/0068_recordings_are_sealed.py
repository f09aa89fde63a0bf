"""A recording is a sealed file with its side of the caller and of the centre; who has heard it is written down. Nobody has one yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0065b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_recording_keep_until", table_name="recording")
    op.drop_constraint("uq_recording_call_id_name", "recording")
    op.drop_column("recording", "keep_until")
    op.alter_column("recording", "call_id", nullable=True)
    for column in (
        sa.Column("pbx", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("is_repaired", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("file", sa.Text()),
        sa.Column("size", sa.BigInteger()),
        sa.Column("channels", sa.BigInteger()),
        sa.Column("held_at", sa.DateTime(timezone=True)),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("recording", column)
    op.create_unique_constraint("uq_recording_pbx_name", "recording", ["pbx", "name"])
    op.create_foreign_key(
        "fk_recording_region_id_region", "recording", "region", ["region_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_recording_heard_from_a_file"),
        "recording",
        "state NOT IN ('kept', 'repaired', 'held') OR (file IS NOT NULL AND sha256 IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_recording_removed_when_expired"),
        "recording",
        "removed_at IS NULL OR state = 'expired'",
    )
    op.create_index("ix_recording_region_id", "recording", ["region_id"])
    op.create_index("ix_recording_call_id", "recording", ["call_id"])
    op.create_index(
        "ix_recording_aged",
        "recording",
        ["recorded_at"],
        postgresql_where=sa.text("state IN ('kept', 'repaired', 'missing')"),
    )
    op.create_index(
        "ix_recording_to_be_removed",
        "recording",
        ["id"],
        postgresql_where=sa.text("state = 'expired' AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_recording_without_call",
        "recording",
        ["id"],
        postgresql_where=sa.text("call_id IS NULL"),
    )
    op.create_table(
        "recording_listening",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("recording_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("length(reason) >= 4", name=op.f("ck_recording_listening_for_a_reason")),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_recording_listening_recording_id_recording"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_recording_listening_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_listening")),
    )
    op.create_index("ix_recording_listening_at", "recording_listening", ["at"])
    op.create_index("ix_recording_listening_recording_id", "recording_listening", ["recording_id"])
    op.create_index("ix_recording_listening_user_id", "recording_listening", ["user_id"])
