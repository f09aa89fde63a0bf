"""A device may be carried by somebody of the staff, whose way it shows while they are on duty. Added without a rewrite: nobody has one yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("staff_id", sa.BigInteger()))
    op.create_foreign_key("fk_device_staff_id_staff", "device", "staff", ["staff_id"], ["id"])
    op.create_index(
        "ix_device_staff", "device", ["staff_id"], postgresql_where=sa.text("staff_id IS NOT NULL")
    )
