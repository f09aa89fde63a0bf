"""How somebody sits at a seat, what they speak, and shifts with the notes that they hand over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019b"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "app_user",
        sa.Column("skills", sa.ARRAY(sa.Text), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column(
        "seat_presence",
        sa.Column("state", sa.Text, server_default=sa.text("'ready'"), nullable=False),
    )
    op.add_column("seat_presence", sa.Column("pause", sa.Text, nullable=True))
    op.add_column(
        "seat_presence",
        sa.Column("since", _TIME, server_default=sa.text("'epoch'"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_seat_presence_state_known"),
        "seat_presence",
        "state IN ('off', 'ready', 'busy', 'wrap_up', 'pause')",
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("region_ids", sa.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("began_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("note", sa.Text, server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_shift_user_id_app_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index(
        "uq_shift_open",
        "shift",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_shift_began", "shift", ["began_at"])
    op.create_table(
        "shift_note_read",
        sa.Column("shift_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("read_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["shift_id"],
            ["shift.id"],
            name=op.f("fk_shift_note_read_shift_id_shift"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
            name=op.f("fk_shift_note_read_user_id_app_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shift_id", "user_id", name=op.f("pk_shift_note_read")),
    )
