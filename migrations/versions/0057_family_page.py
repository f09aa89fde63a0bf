"""What families say on their page, and how often it was opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "family_look",
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("looks", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "contact_id", name=op.f("pk_family_look")),
    )
    op.create_index(
        "ix_family_look_untold", "family_look", ["first_at"], postgresql_where=sa.text("NOT told")
    )
    op.add_column("sms_inbound", sa.Column("about", sa.UUID(), nullable=True))
    op.add_column("sms_inbound", sa.Column("said", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_sms_inbound_said_known"), "sms_inbound", "said IN ('yes', 'no', 'other')"
    )
    op.create_check_constraint(
        op.f("ck_sms_inbound_said_about_one"), "sms_inbound", "(about IS NULL) = (said IS NULL)"
    )
    op.create_index(
        "ix_sms_inbound_about",
        "sms_inbound",
        ["about", "received_at"],
        postgresql_where=sa.text("about IS NOT NULL"),
    )
