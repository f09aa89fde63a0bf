"""Each entry of the audit trail gets a place in a chain of hashes; whom a list showed is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_link",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_link_entry_id")),
    )
    op.create_index(
        "ix_audit_entry_listed",
        "audit_entry",
        [sa.text("detail jsonb_path_ops")],
        postgresql_using="gin",
        postgresql_where=sa.text("detail ?| '{home_ids,ids,resident_ids}'"),
    )
