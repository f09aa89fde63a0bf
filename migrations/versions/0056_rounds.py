"""Rounds from door to door, neighbours in pairs, rides; and the list of doors that stayed shut."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_LISTS = (
    "roll_call",
    "door",
    "well_being",
    "silent_device",
    "low_battery",
    "press_test",
    "idle_device",
)


def upgrade() -> None:
    _call_list()
    _call_signal()
    _round()
    _round_run()
    _pair()
    _ride_entitlement()
    _round_stop()
    _pair_tick()
    _ride()
    _round_visit()
    _round_check()


def _call_signal() -> None:
    op.add_column(
        "call_signal",
        sa.Column("searched", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def _call_list() -> None:
    name = op.f("ck_call_list_kind_known")
    op.drop_constraint(name, "call_list")
    op.create_check_constraint(
        name, "call_list", f"kind IN ({', '.join(repr(each) for each in _LISTS)})"
    )
    op.create_index(
        "uq_call_list_door",
        "call_list",
        ["region_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'door' AND active"),
    )


def _round() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("weekdays", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("on_holiday", sa.Text(), server_default=sa.text("'as_usual'"), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("begins_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.Column(
            "staff_ids",
            postgresql.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "check_list",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('milk', 'paper', 'meal', 'safety')", name=op.f("ck_round_kind_known")
        ),
        sa.CheckConstraint(
            "on_holiday IN ('skip', 'day_before', 'as_usual')",
            name=op.f("ck_round_on_holiday_known"),
        ),
        sa.CheckConstraint(
            "cardinality(weekdays) > 0 AND weekdays <@ ARRAY[1,2,3,4,5,6,7]::bigint[]",
            name=op.f("ck_round_weekdays_known"),
        ),
        sa.CheckConstraint("closes_at > begins_at", name=op.f("ck_round_begun_before_it_closes")),
        sa.CheckConstraint("until_day > from_day", name=op.f("ck_round_begun_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_round_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_round_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_index(op.f("ix_round_region_id"), "round", ["region_id"], unique=False)


def _round_run() -> None:
    op.create_table(
        "round_run",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "staff_ids",
            postgresql.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("state", sa.Text(), server_default=sa.text("'planned'"), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_round_run_closed_at_a_time"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'closed')", name=op.f("ck_round_run_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_run_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_run")),
        sa.UniqueConstraint("round_id", "day", name=op.f("uq_round_run_round_id_day")),
    )
    op.create_index(
        "ix_round_run_closes",
        "round_run",
        ["closes_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index("ix_round_run_day", "round_run", ["day"], unique=False)


def _pair() -> None:
    op.create_table(
        "pair",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("responsible_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("every_days", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("call_item_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code BETWEEN 10 AND 99", name=op.f("ck_pair_code_in_range")),
        sa.CheckConstraint("every_days BETWEEN 1 AND 31", name=op.f("ck_pair_every_days_in_range")),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_pair_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"],
            ["responsible.id"],
            name=op.f("fk_pair_responsible_id_responsible"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
    )
    op.create_index(
        "ix_pair_due",
        "pair",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_pair_resident_id"), "pair", ["resident_id"], unique=False)
    op.create_index(
        "uq_pair_responsible",
        "pair",
        ["responsible_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _ride_entitlement() -> None:
    op.create_table(
        "ride_entitlement",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("rides_a_month", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "rides_a_month BETWEEN 1 AND 99", name=op.f("ck_ride_entitlement_rides_in_range")
        ),
        sa.CheckConstraint(
            "until_day > from_day", name=op.f("ck_ride_entitlement_begun_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_ride_entitlement_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ride_entitlement")),
    )
    op.create_index(
        op.f("ix_ride_entitlement_resident_id"), "ride_entitlement", ["resident_id"], unique=False
    )


def _round_stop() -> None:
    op.create_table(
        "round_stop",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("window_from", sa.Time(), nullable=True),
        sa.Column("window_until", sa.Time(), nullable=True),
        sa.Column("alternate", sa.Text(), server_default=sa.text("'every'"), nullable=False),
        sa.Column("every_days", sa.BigInteger(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(alternate = 'nth') = (every_days IS NOT NULL AND from_day IS NOT NULL)",
            name=op.f("ck_round_stop_nth_of_what"),
        ),
        sa.CheckConstraint(
            "alternate IN ('every', 'odd', 'even', 'nth')",
            name=op.f("ck_round_stop_alternate_known"),
        ),
        sa.CheckConstraint(
            "every_days BETWEEN 2 AND 31", name=op.f("ck_round_stop_every_days_in_range")
        ),
        sa.CheckConstraint("window_until > window_from", name=op.f("ck_round_stop_whole_window")),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_round_stop_home_id_home"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_round_stop_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_stop_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_stop")),
    )
    op.create_index(op.f("ix_round_stop_home_id"), "round_stop", ["home_id"], unique=False)
    op.create_index(op.f("ix_round_stop_resident_id"), "round_stop", ["resident_id"], unique=False)
    op.create_index(
        "ix_round_stop_round",
        "round_stop",
        ["round_id", "n"],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _pair_tick() -> None:
    op.create_table(
        "pair_tick",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pair_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("by IN ('sms', 'phone', 'desk')", name=op.f("ck_pair_tick_by_known")),
        sa.CheckConstraint("said IN ('well', 'nobody')", name=op.f("ck_pair_tick_said_known")),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["pair.id"], name=op.f("fk_pair_tick_pair_id_pair"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_tick")),
    )
    op.create_index("ix_pair_tick_pair", "pair_tick", ["pair_id", "at"], unique=False)


def _ride() -> None:
    op.create_table(
        "ride",
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("booked_for", sa.Date(), nullable=False),
        sa.Column("fare_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_by", sa.Text(), nullable=False),
        sa.Column("entitlement_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_phone", sa.Text(), nullable=True),
        sa.Column("rating", sa.BigInteger(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "(paid_by = 'entitlement') = (entitlement_id IS NOT NULL)",
            name=op.f("ck_ride_free_by_a_row"),
        ),
        sa.CheckConstraint(
            "paid_by IN ('entitlement', 'passenger')", name=op.f("ck_ride_paid_by_known")
        ),
        sa.CheckConstraint(
            "(rating IS NULL) = (rated_at IS NULL)", name=op.f("ck_ride_rated_at_a_time")
        ),
        sa.CheckConstraint("fare_fen >= 0", name=op.f("ck_ride_fare_not_negative")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_ride_rating_in_range")),
        sa.ForeignKeyConstraint(
            ["entitlement_id"],
            ["ride_entitlement.id"],
            name=op.f("fk_ride_entitlement_id_ride_entitlement"),
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_ride_task_id_task"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_ride")),
    )
    op.create_index(
        "ix_ride_asked",
        "ride",
        ["asked_phone"],
        unique=False,
        postgresql_where=sa.text("rating IS NULL AND asked_at IS NOT NULL"),
    )
    op.create_index("ix_ride_entitlement", "ride", ["entitlement_id", "booked_for"], unique=False)


def _round_visit() -> None:
    op.create_table(
        "round_visit",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("stop_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("due_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("for_days", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_id", sa.UUID(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "flags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "answers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("call_item_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('no_answer', 'missed')) <= (call_item_id IS NOT NULL)",
            name=op.f("ck_round_visit_whoever_was_not_found_is_called"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'no_answer', 'refused', 'away_known', 'missed')",
            name=op.f("ck_round_visit_state_known"),
        ),
        sa.CheckConstraint(
            "(check_id IS NULL) = (said_at IS NULL)", name=op.f("ck_round_visit_said_by_a_check")
        ),
        sa.CheckConstraint(
            "for_days BETWEEN 1 AND 31", name=op.f("ck_round_visit_for_days_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_round_visit_home_id_home"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_round_visit_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["round_run.id"], name=op.f("fk_round_visit_run_id_round_run")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_round_visit_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["stop_id"],
            ["round_stop.id"],
            name=op.f("fk_round_visit_stop_id_round_stop"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_visit")),
        sa.UniqueConstraint("run_id", "stop_id", name=op.f("uq_round_visit_run_id_stop_id")),
    )
    op.create_index("ix_round_visit_call", "round_visit", ["call_item_id"], unique=False)
    op.create_index(op.f("ix_round_visit_home_id"), "round_visit", ["home_id"], unique=False)
    op.create_index(
        "ix_round_visit_pending",
        "round_visit",
        ["run_id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        op.f("ix_round_visit_resident_id"), "round_visit", ["resident_id"], unique=False
    )
    op.create_index(op.f("ix_round_visit_stop_id"), "round_visit", ["stop_id"], unique=False)


def _round_check() -> None:
    op.create_table(
        "round_check",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
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
        sa.Column(
            "answers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "proof IN ('photo', 'door_code', 'card', 'none')",
            name=op.f("ck_round_check_proof_known"),
        ),
        sa.CheckConstraint(
            "said IN ('done', 'no_answer', 'refused', 'away_known')",
            name=op.f("ck_round_check_said_known"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_round_check_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["round_visit.id"],
            name=op.f("fk_round_check_visit_id_round_visit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_check")),
    )
    op.create_index(
        "ix_round_check_visit", "round_check", ["visit_id", "occurred_at"], unique=False
    )
