"""Duties, tasks, offers, check-ins and positions of those who are sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from callcenter.core.tables import Xid8

revision = "0050"
down_revision = "0049b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _absence()
    _duty()
    _field_command()
    _staff_position()
    _task()
    _check_in()
    _roster_shift()
    _task_offer()
    _task_step()
    _sms_inbound()


def _absence() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("until_day > from_day", name=op.f("ck_absence_begun_before_it_ends")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absence_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_staff_id"), "absence", ["staff_id"], unique=False)


def _duty() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_by", sa.Text(), nullable=False),
        sa.Column("planned_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "began_by IN ('page', 'sms', 'dispatcher', 'roster')",
            name=op.f("ck_duty_began_by_known"),
        ),
        sa.CheckConstraint(
            "ended_by IN ('page', 'sms', 'dispatcher', 'roster')",
            name=op.f("ck_duty_ended_by_known"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_duty_ended_by_something")
        ),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_duty_begun_before_it_ends")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index(
        "ix_duty_planned_until",
        "duty",
        ["planned_until"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_duty_staff_id"), "duty", ["staff_id"], unique=False)
    op.create_index(
        "uq_duty_running",
        "duty",
        ["staff_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _field_command() -> None:
    op.create_table(
        "field_command",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_field_command_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_command")),
    )
    op.create_index(op.f("ix_field_command_staff_id"), "field_command", ["staff_id"], unique=False)


def _staff_position() -> None:
    op.create_table(
        "staff_position",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('page', 'check_in', 'device')", name=op.f("ck_staff_position_source_known")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_position_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_position")),
        prefixes=["UNLOGGED"],
    )


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("incident_id", sa.UUID(), nullable=True),
        sa.Column("round_visit_id", sa.BigInteger(), nullable=True),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("region_path", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("place", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("destination", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("what", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "skills", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "kinds", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "check_list",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("hazards", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.BigInteger(), server_default=sa.text("5"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.BigInteger(), server_default=sa.text("30"), nullable=False),
        sa.Column("wanted_staff_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("eta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.CheckConstraint(
            "(kind = 'rescue') = (incident_id IS NOT NULL)", name=op.f("ck_task_rescue_of_incident")
        ),
        sa.CheckConstraint(
            "(kind = 'stop') = (round_visit_id IS NOT NULL)", name=op.f("ck_task_stop_of_round")
        ),
        sa.CheckConstraint(
            "(state IN ('accepted', 'under_way', 'arrived')) <= (staff_id IS NOT NULL)",
            name=op.f("ck_task_held_by_somebody"),
        ),
        sa.CheckConstraint(
            "kind IN ('rescue', 'visit', 'stop', 'ride', 'errand', 'inspection')",
            name=op.f("ck_task_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'offered', 'unplaced', 'accepted', 'under_way', 'arrived', 'done', 'cancelled')",
            name=op.f("ck_task_state_known"),
        ),
        sa.CheckConstraint("code BETWEEN 100 AND 999", name=op.f("ck_task_code_in_range")),
        sa.CheckConstraint(
            "num_nonnulls(incident_id, round_visit_id) <= 1", name=op.f("ck_task_of_one_origin")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_task_region_id_region")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_task_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["wanted_staff_id"], ["staff.id"], name=op.f("fk_task_wanted_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_changed_xid"), "task", ["changed_xid"], unique=False)
    op.create_index("ix_task_home", "task", ["home_id", "begins_at"], unique=False)
    op.create_index(
        "ix_task_incident",
        "task",
        ["incident_id"],
        unique=False,
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    )
    op.create_index(
        "ix_task_look_at",
        "task",
        ["look_at"],
        unique=False,
        postgresql_where=sa.text("look_at IS NOT NULL AND ended_at IS NULL"),
    )
    op.create_index(
        "ix_task_open",
        "task",
        ["region_id", "begins_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_task_staff", "task", ["staff_id", "begins_at"], unique=False)


def _check_in() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("photo_id", sa.UUID(), nullable=True),
        sa.Column("offline", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "flags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('arrive', 'depart', 'stop')", name=op.f("ck_check_in_kind_known")
        ),
        sa.CheckConstraint(
            "proof IN ('photo', 'door_code', 'card', 'none')", name=op.f("ck_check_in_proof_known")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_check_in_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_check_in_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    op.create_index("ix_check_in_task", "check_in", ["task_id", "occurred_at"], unique=False)


def _roster_shift() -> None:
    op.create_table(
        "roster_shift",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_for", sa.BigInteger(), nullable=False),
        sa.Column("began_duty_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "ends_at > begins_at", name=op.f("ck_roster_shift_begun_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["began_duty_id"], ["duty.id"], name=op.f("fk_roster_shift_began_duty_id_duty")
        ),
        sa.ForeignKeyConstraint(
            ["planned_for"], ["staff.id"], name=op.f("fk_roster_shift_planned_for_staff")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_roster_shift_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_shift")),
    )
    op.create_index("ix_roster_shift_begins", "roster_shift", ["begins_at"], unique=False)
    op.create_index(
        "ix_roster_shift_staff", "roster_shift", ["staff_id", "begins_at"], unique=False
    )


def _task_offer() -> None:
    op.create_table(
        "task_offer",
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_back", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "answer IN ('accepted', 'declined', 'expired', 'withdrawn')",
            name=op.f("ck_task_offer_answer_known"),
        ),
        sa.CheckConstraint(
            "by IN ('screen', 'sms', 'voice', 'hand')", name=op.f("ck_task_offer_by_known")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_task_offer_answered_at_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_task_offer_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_task_offer_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "n", name=op.f("pk_task_offer")),
    )
    op.create_index(
        "ix_task_offer_staff",
        "task_offer",
        ["staff_id"],
        unique=False,
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_index(
        "uq_task_offer_accepted",
        "task_offer",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("answer = 'accepted' AND NOT given_back"),
    )
    op.create_index(
        "uq_task_offer_running",
        "task_offer",
        ["task_id", "staff_id"],
        unique=True,
        postgresql_where=sa.text("answer IS NULL"),
    )


def _task_step() -> None:
    op.create_table(
        "task_step",
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("told", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "by IN ('seat', 'desk', 'phone', 'sms', 'clock')", name=op.f("ck_task_step_by_known")
        ),
        sa.CheckConstraint(
            "kind IN ('entered', 'offered', 'declined', 'expired', 'withdrawn', 'unplaced', 'accepted', 'given', 'set_out', 'eta_changed', 'arrived', 'done', 'given_back', 'cancelled', 'changed', 'help', 'overdue_out', 'called', 'late', 'note')",
            name=op.f("ck_task_step_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'offered', 'unplaced', 'accepted', 'under_way', 'arrived', 'done', 'cancelled')",
            name=op.f("ck_task_step_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_task_step_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_task_step_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "n", name=op.f("pk_task_step")),
    )
    op.create_index(
        "ix_task_step_untold",
        "task_step",
        ["at"],
        unique=False,
        postgresql_where=sa.text("NOT told"),
    )


def _sms_inbound() -> None:
    op.add_column(
        "sms_inbound",
        sa.Column("reader", sa.Text(), server_default=sa.text("'incident'"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_sms_inbound_reader_known"), "sms_inbound", "reader IN ('incident', 'field')"
    )
