"""Numbers that ring at the centre, and the calls that come by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disposition",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("effective", sa.Boolean(), nullable=False),
        sa.Column("opens", sa.Text(), server_default=sa.text("'nothing'"), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_offered", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[a-z][a-z0-9_]{0,30}$'", name=op.f("ck_disposition_code_of_letters")
        ),
        sa.CheckConstraint(
            "opens IN ('incident', 'complaint', 'consultation', 'follow_up', 'visit', 'task', 'nothing')",
            name=op.f("ck_disposition_opens_known"),
        ),
        sa.CheckConstraint("length(key) = 1", name=op.f("ck_disposition_one_key")),
        sa.ForeignKeyConstraint(
            ["parent"], ["disposition.code"], name=op.f("fk_disposition_parent_disposition")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_disposition")),
        sa.UniqueConstraint("key", name=op.f("uq_disposition_key")),
    )
    op.create_table(
        "number_rule",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("begins", sa.Text(), nullable=False),
        sa.Column("digits", sa.BigInteger(), nullable=True),
        sa.Column("drops", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("put", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "begins ~ '^[+]?[0-9]{1,12}$'", name=op.f("ck_number_rule_begins_with_digits")
        ),
        sa.CheckConstraint("put ~ '^[+]?[0-9]{0,12}$'", name=op.f("ck_number_rule_puts_digits")),
        sa.CheckConstraint("digits BETWEEN 2 AND 20", name=op.f("ck_number_rule_of_a_number")),
        sa.CheckConstraint("drops BETWEEN 0 AND 12", name=op.f("ck_number_rule_drops_some")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_rule")),
        sa.UniqueConstraint("position", name=op.f("uq_number_rule_position")),
    )
    op.create_table(
        "line",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "hours",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("closed_prompt", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("overflow_number", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("'zh'"), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "area_code ~ '^(0[0-9]{2,3})?$'", name=op.f("ck_line_area_code_of_a_place")
        ),
        sa.CheckConstraint(
            "kind IN ('red', 'green', 'hotline', 'office')", name=op.f("ck_line_kind_known")
        ),
        sa.CheckConstraint("number ~ '^[+]?[0-9*#]{2,20}$'", name=op.f("ck_line_can_be_dialled")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_line_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("number", name=op.f("uq_line_number")),
    )
    op.create_index(op.f("ix_line_region_id"), "line", ["region_id"], unique=False)
    op.create_table(
        "call",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pbx", sa.Text(), nullable=False),
        sa.Column("pbx_call", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default=sa.text("'live'"), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("caller_raw", sa.Text(), nullable=False),
        sa.Column("caller_e164", sa.Text(), nullable=True),
        sa.Column("presentation", sa.Text(), nullable=False),
        sa.Column("matches", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.Column("wrapped_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("incident_id", sa.UUID(), nullable=True),
        sa.Column("task_id", sa.UUID(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "call_back_wanted", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("worked_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_call_ended_at_a_time")
        ),
        sa.CheckConstraint(
            "direction IN ('in', 'out', 'automatic')", name=op.f("ck_call_direction_known")
        ),
        sa.CheckConstraint(
            "kind IN ('red', 'green', 'hotline', 'office')", name=op.f("ck_call_kind_known")
        ),
        sa.CheckConstraint(
            "presentation IN ('shown', 'withheld', 'malformed')",
            name=op.f("ck_call_presentation_known"),
        ),
        sa.CheckConstraint(
            "source IN ('live', 'read_back', 'by_hand', 'simulated')",
            name=op.f("ck_call_source_known"),
        ),
        sa.CheckConstraint(
            "state IN ('ringing', 'waiting', 'connecting', 'talking', 'held', 'ended')",
            name=op.f("ck_call_state_known"),
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_call_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "(disposition IS NULL) = (filed_at IS NULL)", name=op.f("ck_call_filed_at_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["app_user.id"], name=op.f("fk_call_answered_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_call_device_id_device")
        ),
        sa.ForeignKeyConstraint(
            ["disposition"], ["disposition.code"], name=op.f("fk_call_disposition_disposition")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by"], ["app_user.id"], name=op.f("fk_call_filed_by_app_user")
        ),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_call_home_id_home")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_call_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_call_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_call_region_id_region")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_call_resident_id_resident")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_call_staff_id_staff")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_call_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("pbx", "pbx_call", name=op.f("uq_call_pbx_pbx_call")),
    )
    op.create_index("ix_call_caller", "call", ["caller_e164", "offered_at"], unique=False)
    op.create_index(op.f("ix_call_home_id"), "call", ["home_id"], unique=False)
    op.create_index(op.f("ix_call_incident_id"), "call", ["incident_id"], unique=False)
    op.create_index("ix_call_offered_at", "call", ["offered_at"], unique=False)
    op.create_index(op.f("ix_call_region_id"), "call", ["region_id"], unique=False)
    op.create_index(op.f("ix_call_resident_id"), "call", ["resident_id"], unique=False)
    op.create_index(
        "ix_call_standing",
        "call",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_index(
        "ix_call_to_be_filed",
        "call",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("state = 'ended' AND disposition IS NULL"),
    )
    op.create_table(
        "call_leg",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role IN ('caller', 'operator', 'other', 'colleague', 'listener')",
            name=op.f("ck_call_leg_role_known"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_leg_call_id_call")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_call_leg_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_leg")),
    )
    op.create_index(op.f("ix_call_leg_call_id"), "call_leg", ["call_id"], unique=False)
    op.create_table(
        "recording",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("call_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("waveform", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.BigInteger(), nullable=True),
        sa.Column("held_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "state <> 'held' OR held_reason <> ''", name=op.f("ck_recording_held_for_a_reason")
        ),
        sa.CheckConstraint(
            "state IN ('recording', 'kept', 'repaired', 'held', 'missing', 'expired')",
            name=op.f("ck_recording_state_known"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_recording_call_id_call")),
        sa.ForeignKeyConstraint(
            ["held_by"], ["app_user.id"], name=op.f("fk_recording_held_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("call_id", "name", name=op.f("uq_recording_call_id_name")),
    )
    op.create_index(
        "ix_recording_keep_until",
        "recording",
        ["keep_until"],
        unique=False,
        postgresql_where=sa.text("state IN ('kept', 'repaired')"),
    )
    op.create_table(
        "voice_call",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("'zh'"), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("incident_id", sa.UUID(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("call_item_id", sa.UUID(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_id", sa.UUID(), nullable=True),
        sa.Column("pressed", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(state = 'pressed') = (pressed IS NOT NULL)", name=op.f("ck_voice_call_pressed_a_key")
        ),
        sa.CheckConstraint(
            "state IN ('due', 'ringing', 'pressed', 'unanswered', 'withdrawn')",
            name=op.f("ck_voice_call_state_known"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_voice_call_call_id_call")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_voice_call_incident_id_incident")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_voice_call_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_call")),
    )
    op.create_index(
        "ix_voice_call_due",
        "voice_call",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(op.f("ix_voice_call_incident_id"), "voice_call", ["incident_id"], unique=False)
