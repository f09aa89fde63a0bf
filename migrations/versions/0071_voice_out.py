"""Each time that a telephone is rung by the centre itself has a row, and lists of calls can be worked by voice first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070b"
branch_labels = None
depends_on = None

_OUTCOMES = "outcome IN ('pressed', 'no_key', 'hung_up', 'flood', 'busy', 'no_answer', 'refused', 'failed', 'lost', 'withdrawn')"

_KINDS = (
    "roll_call", "door", "well_being", "silent_device", "low_battery", "press_test", "idle_device", "satisfaction", "notice",
)  # fmt: skip
_RESULTS = (
    "well", "needs_help", "needs_service", "no_answer", "wrong_number", "postponed", "not_needed", "recovered", "gone", "pressed",
    "rated", "heard",
)  # fmt: skip


def upgrade() -> None:
    for column in ("call_id", "call_item_id"):  # nothing has written either
        op.drop_column("voice_call", column)
    op.add_column("voice_call", sa.Column("call_item_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "voice_call",
        sa.Column("priority", sa.BigInteger(), server_default=sa.text("5"), nullable=False),
    )
    op.add_column("voice_call", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False))
    op.add_column("voice_call", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column(
        "voice_call",
        sa.Column("listed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_index(
        "ix_voice_call_unlisted",
        "voice_call",
        ["id"],
        postgresql_where=sa.text(
            "call_item_id IS NOT NULL AND NOT listed AND state <> ALL (ARRAY['due'::text, 'ringing'::text])"
        ),
    )
    op.create_check_constraint(op.f("ck_voice_call_outcome_known"), "voice_call", _OUTCOMES)
    op.create_index(
        "ix_voice_call_standing",
        "voice_call",
        ["state", "lease_until"],
        postgresql_where=sa.text("state = ANY (ARRAY['due'::text, 'ringing'::text])"),
    )
    op.create_index(op.f("ix_voice_call_call_item_id"), "voice_call", ["call_item_id"])
    op.create_index(
        "uq_voice_call_contact",
        "voice_call",
        ["incident_id", "number"],
        unique=True,
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    )
    op.create_index(
        "uq_voice_call_item",
        "voice_call",
        ["call_item_id"],
        unique=True,
        postgresql_where=sa.text(
            "call_item_id IS NOT NULL AND state = ANY (ARRAY['due'::text, 'ringing'::text])"
        ),
    )
    op.create_table(
        "voice_attempt",
        sa.Column("voice_call_id", sa.UUID(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("rang_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.Column("pressed", sa.Text(), nullable=True),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(_OUTCOMES, name=op.f("ck_voice_attempt_outcome_known")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_voice_attempt_ended_somehow")
        ),
        sa.CheckConstraint(
            "(outcome = 'pressed') = (pressed IS NOT NULL)",
            name=op.f("ck_voice_attempt_pressed_a_key"),
        ),
        sa.ForeignKeyConstraint(
            ["voice_call_id"],
            ["voice_call.id"],
            name=op.f("fk_voice_attempt_voice_call_id_voice_call"),
        ),
        sa.PrimaryKeyConstraint("voice_call_id", "n", name=op.f("pk_voice_attempt")),
    )
    op.create_index(
        "ix_voice_attempt_untold",
        "voice_attempt",
        ["rang_at"],
        postgresql_where=sa.text("NOT told"),
    )
    op.add_column(
        "call_list",
        sa.Column("by_voice", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    for column in ("notice", "notice_en"):
        op.add_column(
            "call_list",
            sa.Column(column, sa.Text(), server_default=sa.text("''"), nullable=False),
        )
    op.add_column("call_item", sa.Column("voice_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("call_item", sa.Column("score", sa.BigInteger(), nullable=True))
    op.add_column("call_item", sa.Column("wish", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_call_item_score_of_five"), "call_item", "score BETWEEN 1 AND 5"
    )
    op.create_check_constraint(op.f("ck_call_item_wish_known"), "call_item", "wish = 'speak'")
    for table, column, known in (
        ("call_list", "kind", _KINDS),
        ("call_item", "result", _RESULTS),
    ):
        name = op.f(f"ck_{table}_{column}_known")
        op.drop_constraint(name, table)
        op.create_check_constraint(
            name, table, f"{column} IN ({', '.join(repr(each) for each in known)})"
        )
