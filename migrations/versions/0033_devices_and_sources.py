"""Devices with their SIM, fault, last press test and who signed for them; sources whose secrets before still hold for a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032b"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _devices()
    _issues()
    _sources()


def _devices() -> None:
    empty = sa.text("''")
    op.add_column("device", sa.Column("sim", sa.Text, server_default=empty, nullable=False))
    op.add_column("device", sa.Column("fault", sa.Text, server_default=empty, nullable=False))
    op.add_column("device", sa.Column("tried_at", _TIME, nullable=True))
    op.create_index(
        "ix_device_sim",
        "device",
        [sa.text("sim gin_trgm_ops")],
        postgresql_using="gin",
        postgresql_where=sa.text("sim <> ''"),
    )
    op.create_index("ix_device_fault", "device", ["id"], postgresql_where=sa.text("fault <> ''"))


def _issues() -> None:
    op.create_table(
        "device_issue",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("device_id", sa.BigInteger, nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("handed_by_id", sa.BigInteger, nullable=False),
        sa.Column("handed_by_name", sa.Text, nullable=False),
        sa.Column("returned_at", _TIME, nullable=True),
        sa.Column("returned_to_name", sa.Text, nullable=True),
        sa.CheckConstraint(
            "returned_at IS NULL OR returned_at >= received_at",
            name=op.f("ck_device_issue_returned_after_received"),
        ),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (returned_to_name IS NULL)",
            name=op.f("ck_device_issue_returned_to_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_device_issue_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_issue")),
    )
    op.create_index("ix_device_issue_device", "device_issue", ["device_id", "id"])
    op.create_index(
        "uq_device_issue_open",
        "device_issue",
        ["device_id"],
        unique=True,
        postgresql_where=sa.text("returned_at IS NULL"),
    )


def _sources() -> None:
    op.add_column("source", sa.Column("bearer_hash_before", sa.LargeBinary, nullable=True))
    op.add_column("source", sa.Column("hmac_secret_before_sealed", sa.LargeBinary, nullable=True))
    op.add_column("source", sa.Column("before_until", _TIME, nullable=True))
    op.create_check_constraint(
        op.f("ck_source_before_ends"),
        "source",
        "before_until IS NOT NULL OR (bearer_hash_before IS NULL AND hmac_secret_before_sealed IS NULL)",
    )
