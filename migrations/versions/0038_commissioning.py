"""What administrators have said of a site: a copy was restored, it is in service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_confirmation",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.CheckConstraint("what IN ('backup', 'in_service')", name="what_known"),
        sa.CheckConstraint("note <> ''", name="note_says_something"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_confirmation")),
    )  # fmt: skip
    op.create_index(op.f("ix_site_confirmation_at"), "site_confirmation", ["at"])
