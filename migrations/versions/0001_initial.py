"""All tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from callcenter.core.tables import Xid8

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - one table after another
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "app_user",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("'zh-CN'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("login", name=op.f("uq_app_user_login")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "region_ids",
            postgresql.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column(
            "detail",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "at"], unique=False)
    op.create_index("ix_audit_entry_user", "audit_entry", ["user_id", "at"], unique=False)
    op.create_table(
        "device_last_seen",
        sa.Column("device_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device_last_seen")),
        postgresql_with={"fillfactor": 70},
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("region_path", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_signal_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("press_count", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("ring", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "marks", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("taken_by_name", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_to", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("safe_by", sa.Text(), nullable=True),
        sa.Column("safe_where", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.CheckConstraint(
            "class IN ('alarm', 'technical', 'service')", name=op.f("ck_incident_class_known")
        ),
        sa.CheckConstraint(
            "kind IN ('sos', 'help', 'fall', 'inactivity', 'smoke', 'gas', 'water', 'medical', 'intrusion', 'cancel', 'restore', 'test', 'heartbeat', 'low_battery', 'power_fail', 'power_restore', 'tamper', 'technical', 'information', 'unknown')",
            name=op.f("ck_incident_kind_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('emergency', 'assistance', 'mistaken_press', 'false_alarm', 'test', 'technical', 'nobody_reached')",
            name=op.f("ck_incident_outcome_known"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'following', 'closed')",
            name=op.f("ck_incident_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("number", name=op.f("uq_incident_number")),
    )
    op.create_index(op.f("ix_incident_changed_xid"), "incident", ["changed_xid"], unique=False)
    op.create_index("ix_incident_home", "incident", ["home_id", "opened_at"], unique=False)
    op.create_index("ix_incident_opened", "incident", ["opened_at"], unique=False)
    op.create_index(
        "uq_incident_open",
        "incident",
        ["subject", "class"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "incident_command",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_command")),
    )
    op.create_table(
        "incident_proof",
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("ring", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "ring", "proof", name=op.f("pk_incident_proof")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.UUID(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column(
            "extra",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "flags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('opened', 'joined', 'recorded', 'duplicate', 'unknown_device', 'undecodable')",
            name=op.f("ck_journal_outcome_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_incident", "journal", ["incident_id"], unique=False)
    op.create_index("ix_journal_stored", "journal", ["stored_at"], unique=False)
    op.create_table(
        "login_delay",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login", "address", name=op.f("pk_login_delay")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("path", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("hotline", sa.Text(), nullable=True),
        sa.Column("ambulance_number", sa.Text(), nullable=True),
        sa.Column("fire_number", sa.Text(), nullable=True),
        sa.Column("police_number", sa.Text(), nullable=True),
        sa.Column("sms_policy", sa.Text(), nullable=True),
        sa.Column("sms_signature", sa.Text(), nullable=True),
        sa.Column("sms_signature_en", sa.Text(), nullable=True),
        sa.Column(
            "duty_numbers",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("basemap", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "level IN ('root', 'province', 'city', 'district', 'street', 'community', 'grid')",
            name=op.f("ck_region_level_known"),
        ),
        sa.CheckConstraint(
            "sms_policy IN ('at_once', 'after_confirmation')",
            name=op.f("ck_region_sms_policy_known"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["region.id"], name=op.f("fk_region_parent_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_index(op.f("ix_region_parent_id"), "region", ["parent_id"], unique=False)
    op.create_index("ix_region_path", "region", ["path"], unique=False, postgresql_using="gin")
    op.create_table(
        "signal_dedup",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("journal_id", sa.UUID(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_signal_dedup")),
    )
    op.create_index("ix_signal_dedup_first_seen", "signal_dedup", ["first_seen"], unique=False)
    op.create_table(
        "sms_inbound",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("provider_key", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.UUID(), nullable=True),
        sa.Column("meaning", sa.Text(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_inbound")),
    )
    op.create_index(
        "ix_sms_inbound_unhandled",
        "sms_inbound",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_index(
        "uq_sms_inbound_provider", "sms_inbound", ["gateway", "provider_key"], unique=True
    )
    op.create_table(
        "sms_message",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("dedup", sa.Text(), nullable=False),
        sa.Column("reference", sa.UUID(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("segments", sa.BigInteger(), nullable=True),
        sa.Column("attempt", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'submitting', 'submitted', 'buffered', 'delivered', 'failed', 'expired', 'unknown')",
            name=op.f("ck_sms_message_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_message")),
        sa.UniqueConstraint("dedup", name=op.f("uq_sms_message_dedup")),
    )
    op.create_index(
        op.f("ix_sms_message_changed_xid"), "sms_message", ["changed_xid"], unique=False
    )
    op.create_index(
        "ix_sms_message_due",
        "sms_message",
        ["priority", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_sms_message_recipient", "sms_message", ["recipient", "created_at"], unique=False
    )
    op.create_index("ix_sms_message_reference", "sms_message", ["reference"], unique=False)
    op.create_index(
        "ix_sms_message_watched",
        "sms_message",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_table(
        "timeline_entry",
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.Text(), nullable=True),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("incident_id", "number", name=op.f("pk_timeline_entry")),
    )
    op.create_table(
        "building",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("estate", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("floors", sa.BigInteger(), nullable=False),
        sa.Column("floor_height_m", sa.Double(), server_default=sa.text("3"), nullable=False),
        sa.Column("lift", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("footprint", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "entrances",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_building_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building")),
    )
    op.create_index(op.f("ix_building_region_id"), "building", ["region_id"], unique=False)
    op.create_table(
        "device",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("label", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("battery_low", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("heartbeat_s", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('pendant', 'bedside_button', 'elder_phone', 'fall_detector', 'smoke_detector', 'hub', 'other')",
            name=op.f("ck_device_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_device_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_changed_xid"), "device", ["changed_xid"], unique=False)
    op.create_index(op.f("ix_device_region_id"), "device", ["region_id"], unique=False)
    op.create_index("uq_device_identifier", "device", ["source", "identifier"], unique=True)
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
            name=op.f("fk_login_session_user_id_app_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_session")),
    )
    op.create_index(op.f("ix_login_session_user_id"), "login_session", ["user_id"], unique=False)
    op.create_table(
        "point_of_interest",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('station', 'clinic', 'hospital', 'police', 'pharmacy', 'canteen', 'gate')",
            name=op.f("ck_point_of_interest_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_point_of_interest_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_of_interest")),
    )
    op.create_index(
        op.f("ix_point_of_interest_region_id"), "point_of_interest", ["region_id"], unique=False
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "role IN ('operator', 'supervisor', 'dispatcher', 'grid_worker', 'community_worker', 'responder', 'caregiver', 'volunteer', 'provider', 'official', 'administrator', 'auditor')",
            name=op.f("ck_role_grant_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_role_grant_region_id_region")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
            name=op.f("fk_role_grant_user_id_app_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index("uq_role_grant", "role_grant", ["user_id", "role", "region_id"], unique=True)
    op.create_table(
        "seat_presence",
        sa.Column("seat_id", sa.UUID(), nullable=False),
        sa.Column("process_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("region_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("armed", sa.Boolean(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["app_user.id"],
            name=op.f("fk_seat_presence_user_id_app_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_seat_presence")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "source",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("bearer_hash", sa.LargeBinary(), nullable=True),
        sa.Column("hmac_key_id", sa.Text(), nullable=True),
        sa.Column("hmac_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retry_horizon_s", sa.BigInteger(), server_default=sa.text("60"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('http', 'dc09')", name=op.f("ck_source_kind_known")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_source_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("bearer_hash", name=op.f("uq_source_bearer_hash")),
        sa.UniqueConstraint("hmac_key_id", name=op.f("uq_source_hmac_key_id")),
        sa.UniqueConstraint("name", name=op.f("uq_source_name")),
    )
    op.create_index(op.f("ix_source_changed_xid"), "source", ["changed_xid"], unique=False)
    op.create_table(
        "home",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_en", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("entrance", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=True),
        sa.Column("door", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("access_note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("key_note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column(
            "english",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_home_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_home_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home")),
    )
    op.create_index(
        "ix_home_address_trigram",
        "home",
        [sa.literal_column("address gin_trgm_ops")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_home_building_id"), "home", ["building_id"], unique=False)
    op.create_index(op.f("ix_home_changed_xid"), "home", ["changed_xid"], unique=False)
    op.create_index(op.f("ix_home_region_id"), "home", ["region_id"], unique=False)
    op.create_table(
        "resident",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_latin", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("identity_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("second_phone", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default=sa.text("'home'"), nullable=False),
        sa.Column(
            "welfare", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("living", sa.Text(), nullable=True),
        sa.Column("ability", sa.Text(), nullable=True),
        sa.Column("risk", sa.Text(), server_default=sa.text("'low'"), nullable=False),
        sa.Column(
            "hazards", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "hazards_en",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("health_note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("medicines", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("allergies", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("hospital", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("hearing", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("dialect", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("talk_note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("'zh-CN'"), nullable=False),
        sa.Column(
            "english",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.CheckConstraint(
            "ability IN ('intact', 'mild', 'moderate', 'severe', 'total')",
            name=op.f("ck_resident_ability_known"),
        ),
        sa.CheckConstraint(
            "living IN ('alone', 'couple', 'alone_by_day', 'with_children', 'with_carer')",
            name=op.f("ck_resident_living_known"),
        ),
        sa.CheckConstraint(
            "risk IN ('high', 'medium', 'low')", name=op.f("ck_resident_risk_known")
        ),
        sa.CheckConstraint("sex IN ('female', 'male')", name=op.f("ck_resident_sex_known")),
        sa.CheckConstraint(
            "status IN ('home', 'away', 'hospital', 'moved', 'deceased')",
            name=op.f("ck_resident_status_known"),
        ),
        sa.ForeignKeyConstraint(["home_id"], ["home.id"], name=op.f("fk_resident_home_id_home")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
    )
    op.create_index(op.f("ix_resident_changed_xid"), "resident", ["changed_xid"], unique=False)
    op.create_index(op.f("ix_resident_home_id"), "resident", ["home_id"], unique=False)
    op.create_index(
        op.f("ix_resident_identity_index"), "resident", ["identity_index"], unique=False
    )
    op.create_index(
        "ix_resident_initials_prefix",
        "resident",
        [sa.literal_column("initials text_pattern_ops")],
        unique=False,
    )
    op.create_index(
        "ix_resident_name_prefix",
        "resident",
        [sa.literal_column("name text_pattern_ops")],
        unique=False,
    )
    op.create_index(
        "ix_resident_name_trigram",
        "resident",
        [sa.literal_column("name gin_trgm_ops")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_resident_phone"), "resident", ["phone"], unique=False)
    op.create_index(
        "ix_resident_phone_trigram",
        "resident",
        [sa.literal_column("phone gin_trgm_ops")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "ix_resident_pinyin_prefix",
        "resident",
        [sa.literal_column("pinyin text_pattern_ops")],
        unique=False,
    )
    op.create_index(op.f("ix_resident_second_phone"), "resident", ["second_phone"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_latin", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("relation_en", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("distance", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("far_away", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("has_key", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reachable", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sms_consent", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("'zh-CN'"), nullable=False),
        sa.Column(
            "english",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_contact_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_changed_xid"), "contact", ["changed_xid"], unique=False)
    op.create_index(op.f("ix_contact_phone"), "contact", ["phone"], unique=False)
    op.create_index(
        "ix_contact_phone_trigram",
        "contact",
        [sa.literal_column("phone gin_trgm_ops")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index("uq_contact_rank", "contact", ["resident_id", "rank"], unique=True)
    op.create_table(
        "device_assignment",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_device_assignment_device_id_device"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_device_assignment_home_id_home")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_device_assignment_resident_id_resident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_assignment")),
    )
    op.create_index(
        "ix_device_assignment_device",
        "device_assignment",
        ["device_id", "valid_from"],
        unique=False,
    )
    op.create_index("ix_device_assignment_home", "device_assignment", ["home_id"], unique=False)
