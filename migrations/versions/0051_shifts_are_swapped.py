"""Shifts are swapped, absences are of a kind, staff help in several regions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("roster_shift", sa.Column("swap_to", sa.BigInteger(), nullable=True))
    op.add_column(
        "roster_shift", sa.Column("swap_offered_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_foreign_key(
        op.f("fk_roster_shift_swap_to_staff"), "roster_shift", "staff", ["swap_to"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_roster_shift_swapped_with_another"), "roster_shift", "swap_to <> staff_id"
    )
    op.create_check_constraint(
        op.f("ck_roster_shift_offered_at_a_time"),
        "roster_shift",
        "(swap_to IS NULL) = (swap_offered_at IS NULL)",
    )
    op.add_column(
        "absence", sa.Column("kind", sa.Text(), server_default=sa.text("'other'"), nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_absence_kind_known"), "absence", "kind IN ('ill', 'leave', 'training', 'other')"
    )
    op.add_column(
        "staff",
        sa.Column(
            "areas",
            postgresql.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
