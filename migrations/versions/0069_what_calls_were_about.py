"""What calls were about, and what followed from it; and what operators are told beside a call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0069"
down_revision = "0068b"
branch_labels = None
depends_on = None

_OPENS = "'incident', 'complaint', 'consultation', 'follow_up', 'visit', 'task', 'order', 'nothing'"


def upgrade() -> None:
    _disposition()
    _call()
    _call_signal()
    _filing()
    _case()
    _card()


def _disposition() -> None:
    name = op.f("ck_disposition_opens_known")
    op.drop_constraint(name, "disposition")
    op.create_check_constraint(name, "disposition", f"opens IN ({_OPENS})")
    op.add_column("disposition", sa.Column("of_kind", sa.Text(), nullable=True))
    op.add_column("disposition", sa.Column("due_minutes", sa.BigInteger(), nullable=True))
    op.create_check_constraint(op.f("ck_disposition_due_later"), "disposition", "due_minutes > 0")
    op.add_column(
        "disposition",
        sa.Column("is_built_in", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "disposition",
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
    )


def _call() -> None:
    op.add_column(
        "call", sa.Column("filings", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("call", sa.Column("worked_off_how", sa.Text(), nullable=True))
    op.add_column("call", sa.Column("worked_off_by", sa.BigInteger(), nullable=True))
    op.add_column(
        "call",
        sa.Column("worked_off_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
    op.add_column("call", sa.Column("worked_off_call", sa.UUID(), nullable=True))
    op.create_check_constraint(
        op.f("ck_call_worked_off_how_known"),
        "call",
        "worked_off_how IN ('reached', 'rung_back', 'needs_nothing')",
    )
    op.create_check_constraint(
        op.f("ck_call_worked_off_somehow"),
        "call",
        "(worked_off_at IS NULL) = (worked_off_how IS NULL)",
    )
    op.create_foreign_key(
        op.f("fk_call_worked_off_by_app_user"), "call", "app_user", ["worked_off_by"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_call_worked_off_call_call"), "call", "call", ["worked_off_call"], ["id"]
    )
    # Old work goes; the call that it came from stays.
    op.drop_constraint(op.f("fk_call_task_id_task"), "call")
    op.create_foreign_key(
        op.f("fk_call_task_id_task"), "call", "task", ["task_id"], ["id"], ondelete="SET NULL"
    )
    op.drop_index("ix_call_to_be_filed", table_name="call")
    op.create_index(
        "ix_call_to_be_filed",
        "call",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("state = 'ended' AND direction = 'in' AND disposition IS NULL"),
    )


def _call_signal() -> None:
    op.alter_column("call_signal", "item_id", nullable=True)
    op.alter_column("call_signal", "home_id", nullable=True)
    op.add_column("call_signal", sa.Column("call_id", sa.UUID(), nullable=True))
    op.add_column(
        "call_signal",
        sa.Column("number", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_call_signal_of_one_call"), "call_signal", "num_nonnulls(item_id, call_id) = 1"
    )
    op.create_check_constraint(
        op.f("ck_call_signal_of_somebody"), "call_signal", "home_id IS NOT NULL OR number <> ''"
    )
    op.create_index(
        "ix_call_signal_call",
        "call_signal",
        ["call_id"],
        unique=False,
        postgresql_where=sa.text("call_id IS NOT NULL"),
    )


def _filing() -> None:
    op.create_table(
        "call_filing",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("call_id", sa.UUID(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("opened", sa.Text(), server_default=sa.text("'nothing'"), nullable=False),
        sa.Column("opened_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(f"opened IN ({_OPENS})", name=op.f("ck_call_filing_opened_known")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_filing_call_id_call")),
        sa.ForeignKeyConstraint(
            ["disposition"],
            ["disposition.code"],
            name=op.f("fk_call_filing_disposition_disposition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_filing")),
        sa.UniqueConstraint("call_id", "n", name=op.f("uq_call_filing_call_id_n")),
    )


def _case() -> None:
    op.create_table(
        "hotline_case",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("call_id", sa.UUID(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('complaint', 'consultation', 'follow_up', 'wish')",
            name=op.f("ck_hotline_case_kind_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("ck_hotline_case_state_known")),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_hotline_case_done_at_a_time")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.{key}"], name=op.f(f"fk_hotline_case_{column}_{table}")
            )
            for column, table, key in (
                ("call_id", "call", "id"),
                ("disposition", "disposition", "code"),
                ("region_id", "region", "id"),
                ("home_id", "home", "id"),
                ("resident_id", "resident", "id"),
                ("opened_by", "app_user", "id"),
                ("done_by", "app_user", "id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_case")),
        sa.UniqueConstraint("number", name=op.f("uq_hotline_case_number")),
    )
    for column in ("call_id", "region_id", "home_id", "resident_id"):
        op.create_index(op.f(f"ix_hotline_case_{column}"), "hotline_case", [column], unique=False)
    for name, column, state in (
        ("ix_hotline_case_due", "due_at", "open"),
        ("ix_hotline_case_done", "done_at", "done"),
    ):
        op.create_index(
            name,
            "hotline_case",
            [column],
            unique=False,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    op.create_table(
        "hotline_case_step",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("words", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('opened', 'noted', 'postponed', 'done', 'reopened', 'withdrawn')",
            name=op.f("ck_hotline_case_step_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["hotline_case.id"], name=op.f("fk_hotline_case_step_case_id_hotline_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_case_step")),
        sa.UniqueConstraint("case_id", "n", name=op.f("uq_hotline_case_step_case_id_n")),
    )


def _card() -> None:
    op.create_table(
        "hotline_card_version",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("dispositions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("traits", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=True),
        sa.Column("written_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[a-z][a-z0-9_]{0,30}$'", name=op.f("ck_hotline_card_version_code_of_letters")
        ),
        sa.CheckConstraint("n > 0", name=op.f("ck_hotline_card_version_after_the_built_in")),
        sa.PrimaryKeyConstraint("code", "n", name=op.f("pk_hotline_card_version")),
    )
