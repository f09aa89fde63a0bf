"""Journal and timelines have a chain as the audit trail has, links say who made them and when; proofs and what they rest on are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_link", sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("audit_link", sa.Column("linked_by", sa.Text(), nullable=True))
    _links("journal_link", sa.Column("entry_id", sa.Uuid(), nullable=False))
    _links(
        "timeline_link",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("entry_number", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "heard_count",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("liveness", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("garbage", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("process_id", "source", "since", name=op.f("pk_heard_count")),
    )
    op.create_index("ix_heard_count_until", "heard_count", ["until"])
    op.create_table(
        "number_gap",
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_number_gap_has_numbers")),
        sa.PrimaryKeyConstraint("first", name=op.f("pk_number_gap")),
    )
    op.create_table(
        "database_start",
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("started_at", name=op.f("pk_database_start")),
    )
    op.create_table(
        "proof_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("region_path", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_run")),
    )
    op.create_index("ix_proof_run_asked", "proof_run", ["asked_at"])
    op.create_index(
        "ix_proof_run_waiting",
        "proof_run",
        ["asked_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _links(table: str, *key: sa.Column[object]) -> None:
    names = [column.name for column in key]
    unique = op.f(f"uq_{table}_{'_'.join(names)}")
    op.create_table(
        table,
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("linked_by", sa.Text(), nullable=True),
        *key,
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(*names, name=unique),
    )
