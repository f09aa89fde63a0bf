"""Other centres, the rules by which alarms go to them, and what became of each forwarding."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0049"
down_revision = "0047b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _other_centre()
    _forward_rule()
    _forwarding()


def _other_centre() -> None:
    op.create_table(
        "other_centre",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("second_address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("home_digits", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("receiver", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("line", sa.Text(), server_default=sa.text("'0'"), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("timeout_s", sa.BigInteger(), server_default=sa.text("5"), nullable=False),
        sa.Column("poll_s", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), server_default=sa.text("'code'"), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("reports_taken", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("address <> ''", name=op.f("ck_other_centre_has_address")),
        sa.CheckConstraint("detail IN ('code', 'card')", name=op.f("ck_other_centre_detail_known")),
        sa.CheckConstraint("way IN ('dc09', 'http')", name=op.f("ck_other_centre_way_known")),
        sa.CheckConstraint(
            "sequence BETWEEN 0 AND 9999", name=op.f("ck_other_centre_sequence_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_other_centre_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_centre")),
    )
    op.create_index(op.f("ix_other_centre_region_id"), "other_centre", ["region_id"], unique=False)
    op.create_index("uq_other_centre_name", "other_centre", ["region_id", "name"], unique=True)


def _forward_rule() -> None:
    op.create_table(
        "forward_rule",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("after_s", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "kinds", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("least_priority", sa.BigInteger(), server_default=sa.text("3"), nullable=False),
        sa.Column("begins", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ends", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "mode IN ('always', 'unmanned', 'untaken')", name=op.f("ck_forward_rule_mode_known")
        ),
        sa.CheckConstraint("after_s BETWEEN 0 AND 3600", name=op.f("ck_forward_rule_soon")),
        sa.CheckConstraint(
            "begins BETWEEN 0 AND 1439 AND ends BETWEEN 0 AND 1439",
            name=op.f("ck_forward_rule_within_a_day"),
        ),
        sa.CheckConstraint(
            "least_priority BETWEEN 1 AND 3", name=op.f("ck_forward_rule_priority_known")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"],
            ["other_centre.id"],
            name=op.f("fk_forward_rule_centre_id_other_centre"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_forward_rule_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forward_rule")),
    )
    op.create_index(op.f("ix_forward_rule_centre_id"), "forward_rule", ["centre_id"], unique=False)
    op.create_index(op.f("ix_forward_rule_region_id"), "forward_rule", ["region_id"], unique=False)


def _forwarding() -> None:
    op.create_table(
        "forwarding",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("dedup", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("rule_id", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("region_path", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("maybe_sent", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.Column("accepted_how", sa.Text(), nullable=True),
        sa.Column("news", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("accepted_said", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "accepted_how IN ('reported', 'phone')", name=op.f("ck_forwarding_accepted_how_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'delivered', 'refused', 'unknown', 'expired')",
            name=op.f("ck_forwarding_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('delivered', 'refused', 'expired') OR settled_at IS NOT NULL",
            name=op.f("ck_forwarding_ends_are_settled"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('waiting', 'sending') OR settled_at IS NULL",
            name=op.f("ck_forwarding_open_is_open"),
        ),
        sa.CheckConstraint("what IN ('alarm', 'taken')", name=op.f("ck_forwarding_what_known")),
        sa.CheckConstraint(
            "why IN ('always', 'unmanned', 'untaken', 'by_hand', 'taken')",
            name=op.f("ck_forwarding_why_known"),
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL) AND (accepted_at IS NULL) = (accepted_how IS NULL)",
            name=op.f("ck_forwarding_accepted_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["other_centre.id"], name=op.f("fk_forwarding_centre_id_other_centre")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forwarding")),
        sa.UniqueConstraint("dedup", name=op.f("uq_forwarding_dedup")),
    )
    op.create_index(op.f("ix_forwarding_centre_id"), "forwarding", ["centre_id"], unique=False)
    op.create_index("ix_forwarding_created", "forwarding", ["created_at"], unique=False)
    op.create_index("ix_forwarding_incident", "forwarding", ["incident_id"], unique=False)
    op.create_index(
        "ix_forwarding_open",
        "forwarding",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        "ix_forwarding_unsaid",
        "forwarding",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("news"),
    )
