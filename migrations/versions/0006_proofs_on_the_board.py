"""Proofs are found by the sweep, as every row of the board: those of other processes, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from callcenter.core.tables import Xid8

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Those that are there count as seen long ago: a constant default does not rewrite the table.
    op.add_column(
        "incident_proof",
        sa.Column("changed_xid", Xid8(), server_default=sa.text("'3'"), nullable=False),
    )
    op.alter_column("incident_proof", "changed_xid", server_default=sa.text("pg_current_xact_id()"))
    op.create_index(
        op.f("ix_incident_proof_changed_xid"), "incident_proof", ["changed_xid"], unique=False
    )
