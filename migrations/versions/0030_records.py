"""Records: the past of residents, organisations and people around them, the calendar, and who has which number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029b"
branch_labels = None
depends_on = None


_STATUS_KNOWN_SINCE = """
CREATE TEMPORARY TABLE status_since ON COMMIT DROP AS
SELECT resident.id, resident.status,
       (coalesce(max(entry.at), resident.updated_at) AT TIME ZONE 'Asia/Shanghai')::date AS day
FROM resident
LEFT JOIN audit_entry AS entry
       ON entry.subject = 'resident:' || resident.id AND entry.action = 'resident_changed'
      AND entry.detail -> 'fields' @> '"status"'
WHERE resident.status <> 'home'
GROUP BY resident.id
"""
"""The day on which the audit trail saw the status change, else that of the last change of anything."""

_PAST = (
    _STATUS_KNOWN_SINCE,
    """
    INSERT INTO residence (resident_id, home_id, region_id, address, from_day, until_day, recorded_at, source)
    SELECT resident.id, home.id, home.region_id, home.address, since.day, gone.day, resident.created_at, 'migration'
    FROM resident
    JOIN home ON home.id = resident.home_id
    CROSS JOIN LATERAL (SELECT (resident.created_at AT TIME ZONE 'Asia/Shanghai')::date AS day) AS since
    LEFT JOIN LATERAL (
        SELECT known.day + (known.status = 'deceased')::integer AS day
        FROM status_since AS known WHERE known.id = resident.id AND known.status IN ('moved', 'deceased')
    ) AS gone ON true
    WHERE gone.day IS NULL OR gone.day > since.day
    """,
    """
    INSERT INTO resident_fact (resident_id, kind, value, from_day, recorded_at, source)
    SELECT resident.id, fact.kind, fact.value, (resident.created_at AT TIME ZONE 'Asia/Shanghai')::date,
           resident.created_at, 'migration'
    FROM resident
    CROSS JOIN LATERAL (
        SELECT DISTINCT 'welfare' AS kind, value FROM unnest(resident.welfare) AS value WHERE value <> ''
        UNION ALL SELECT 'living', resident.living WHERE resident.living IS NOT NULL
        UNION ALL SELECT 'ability', resident.ability WHERE resident.ability IS NOT NULL
    ) AS fact
    """,
    """
    INSERT INTO resident_event (resident_id, kind, day, source)
    SELECT id,
           CASE status WHEN 'deceased' THEN 'died' WHEN 'moved' THEN 'moved_out' ELSE status END,
           day, 'migration'
    FROM status_since
    """,
    """
    INSERT INTO number_use (e164, holder, holder_id, from_day)
    SELECT DISTINCT number, 'resident', resident.id, (resident.created_at AT TIME ZONE 'Asia/Shanghai')::date
    FROM resident CROSS JOIN LATERAL (VALUES (resident.phone), (resident.second_phone)) AS had (number)
    WHERE number IS NOT NULL
    UNION ALL
    SELECT contact.phone, 'contact', contact.id, (resident.created_at AT TIME ZONE 'Asia/Shanghai')::date
    FROM contact JOIN resident ON resident.id = contact.resident_id
    """,
)
"""What is known today becomes the past since each resident was registered."""


def upgrade() -> None:
    for make in (
        _around_residents,
        _past_of_residents,
        _calendar_and_numbers,
        _columns_of_residents,
    ):
        make()
    for statement in _PAST:
        op.execute(statement)


def _around_residents() -> None:
    _organisation()
    _facility()
    _staff()
    _responsible()
    _consent()
    _agent()


def _past_of_residents() -> None:
    _residence()
    _resident_fact()
    _resident_event()


def _calendar_and_numbers() -> None:
    _calendar_day()
    _number_use()


def _columns_of_residents() -> None:
    op.add_column("resident", sa.Column("hukou_region_code", sa.Text(), nullable=True))
    op.add_column(
        "resident", sa.Column("employer", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("resident", sa.Column("retired_on", sa.Date(), nullable=True))
    op.add_column("resident", sa.Column("insurance_sealed", sa.LargeBinary(), nullable=True))
    op.add_column(
        "resident",
        sa.Column("lunar_birthday", sa.Text(), server_default=sa.text("''"), nullable=False),
    )


def _organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('community', 'street_office', 'department', 'provider', 'association', 'enterprise', 'shop', 'centre_operator')",
            name=op.f("ck_organisation_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_organisation_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisation_uscc")),
    )
    op.create_index(op.f("ix_organisation_parent_id"), "organisation", ["parent_id"], unique=False)
    op.create_index(op.f("ix_organisation_region_id"), "organisation", ["region_id"], unique=False)


def _facility() -> None:
    op.create_table(
        "facility",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.Column("beds", sa.BigInteger(), nullable=True),
        sa.Column(
            "rooms",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("hours", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("level", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "functions", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('centre', 'day_station', 'canteen', 'mutual_aid_point', 'station', 'institution', 'service_point')",
            name=op.f("ck_facility_kind_known"),
        ),
        sa.CheckConstraint(
            "(lat IS NULL) = (lng IS NULL)", name=op.f("ck_facility_whole_position")
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_facility_area_m2_positive")),
        sa.CheckConstraint("beds >= 0", name=op.f("ck_facility_beds_not_negative")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["organisation.id"], name=op.f("fk_facility_operator_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_facility_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
    )
    op.create_index(op.f("ix_facility_operator_id"), "facility", ["operator_id"], unique=False)
    op.create_index(op.f("ix_facility_region_id"), "facility", ["region_id"], unique=False)


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("employer_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kinds", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "skills", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("vehicle", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("health_cert_until", sa.Date(), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "active_until > active_from", name=op.f("ck_staff_begun_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organisation.id"], name=op.f("fk_staff_employer_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_staff_region_id_region")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_staff_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("user_id", name=op.f("uq_staff_user_id")),
    )
    op.create_index(op.f("ix_staff_employer_id"), "staff", ["employer_id"], unique=False)
    op.create_index(op.f("ix_staff_phone"), "staff", ["phone"], unique=False)
    op.create_index(op.f("ix_staff_region_id"), "staff", ["region_id"], unique=False)


def _responsible() -> None:
    op.create_table(
        "responsible",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "duty IN ('grid_worker', 'social_worker', 'paired_neighbour', 'key_holder', 'doctor')",
            name=op.f("ck_responsible_duty_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(home_id, region_id) = 1", name=op.f("ck_responsible_of_one_place")
        ),
        sa.CheckConstraint(
            "until_day > from_day", name=op.f("ck_responsible_begun_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_responsible_home_id_home"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_responsible_region_id_region")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_responsible_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsible")),
    )
    op.create_index(op.f("ix_responsible_home_id"), "responsible", ["home_id"], unique=False)
    op.create_index(op.f("ix_responsible_region_id"), "responsible", ["region_id"], unique=False)
    op.create_index(op.f("ix_responsible_staff_id"), "responsible", ["staff_id"], unique=False)


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "given_by IN ('self', 'guardian', 'agent')", name=op.f("ck_consent_given_by_known")
        ),
        sa.CheckConstraint(
            "kind IN ('granted', 'refused', 'withdrawn')", name=op.f("ck_consent_kind_known")
        ),
        sa.CheckConstraint(
            "purpose IN ('alarm_care', 'family_texts', 'location', 'recording', 'provider_sees_profile', 'publicity')",
            name=op.f("ck_consent_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_consent_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(
        "ix_consent_resident", "consent", ["resident_id", "purpose", "at"], unique=False
    )


def _agent() -> None:
    op.create_table(
        "agent",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("powers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "cardinality(powers) > 0 AND powers <@ ARRAY['order', 'pay', 'confirm', 'see_bills', 'receive_card']",
            name=op.f("ck_agent_powers_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(contact_id, staff_id) = 1", name=op.f("ck_agent_one_person")
        ),
        sa.CheckConstraint("until_day > from_day", name=op.f("ck_agent_begun_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contact.id"],
            name=op.f("fk_agent_contact_id_contact"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_agent_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_agent_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
    )
    op.create_index(op.f("ix_agent_contact_id"), "agent", ["contact_id"], unique=False)
    op.create_index(op.f("ix_agent_resident_id"), "agent", ["resident_id"], unique=False)
    op.create_index(op.f("ix_agent_staff_id"), "agent", ["staff_id"], unique=False)
    op.drop_index(op.f("ix_device_identifier_order"), table_name="device")
    op.create_index(
        "ix_device_identifier_order",
        "device",
        [sa.literal_column('lower(identifier) COLLATE "C"'), "id"],
        unique=False,
    )


def _residence() -> None:
    op.create_table(
        "residence",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("home_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("hukou_region_code", sa.Text(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), server_default=sa.text("'direct'"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("until_day > from_day", name=op.f("ck_residence_begun_before_it_ends")),
        sa.ForeignKeyConstraint(
            ["home_id"], ["home.id"], name=op.f("fk_residence_home_id_home"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_residence_region_id_region")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_residence_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residence")),
    )
    op.create_index("ix_residence_home", "residence", ["home_id"], unique=False)
    op.create_index(
        "ix_residence_hukou",
        "residence",
        [sa.literal_column('hukou_region_code COLLATE "C"')],
        unique=False,
    )
    op.create_index("ix_residence_region", "residence", ["region_id", "from_day"], unique=False)
    op.create_index("ix_residence_resident", "residence", ["resident_id"], unique=False)


def _resident_fact() -> None:
    op.create_table(
        "resident_fact",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("document_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("assessed_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), server_default=sa.text("'direct'"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "kind <> 'ability' OR value IN ('intact', 'mild', 'moderate', 'severe', 'total')",
            name=op.f("ck_resident_fact_ability_known"),
        ),
        sa.CheckConstraint(
            "kind <> 'living' OR value IN ('alone', 'couple', 'alone_by_day', 'with_children', 'with_carer')",
            name=op.f("ck_resident_fact_living_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('welfare', 'ability', 'disability', 'living', 'retiree', 'party_member')",
            name=op.f("ck_resident_fact_kind_known"),
        ),
        sa.CheckConstraint("value <> ''", name=op.f("ck_resident_fact_says_something")),
        sa.CheckConstraint(
            "until_day > from_day", name=op.f("ck_resident_fact_begun_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_resident_fact_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_fact")),
    )
    op.create_index(
        "ix_resident_fact_ends",
        "resident_fact",
        ["until_day"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at IS NULL AND until_day IS NOT NULL"),
    )
    op.create_index(
        "ix_resident_fact_resident", "resident_fact", ["resident_id", "kind"], unique=False
    )


def _resident_event() -> None:
    op.create_table(
        "resident_event",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("proof", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), server_default=sa.text("'direct'"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('died', 'moved_in', 'moved_out', 'hospital', 'away', 'back')",
            name=op.f("ck_resident_event_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["resident.id"],
            name=op.f("fk_resident_event_resident_id_resident"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_event")),
    )
    op.create_index(
        "ix_resident_event_resident", "resident_event", ["resident_id", "day"], unique=False
    )
    op.create_index(
        "uq_resident_event_died",
        "resident_event",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'died' AND withdrawn_at IS NULL"),
    )


def _calendar_day() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('workday', 'rest', 'holiday')", name=op.f("ck_calendar_day_kind_known")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )


def _number_use() -> None:
    op.create_table(
        "number_use",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("last_confirmed", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "holder IN ('resident', 'contact', 'device', 'staff')",
            name=op.f("ck_number_use_holder_known"),
        ),
        sa.CheckConstraint(
            "until_day >= from_day", name=op.f("ck_number_use_begun_before_it_ends")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_use")),
    )
    op.create_index("ix_number_use_holder", "number_use", ["holder", "holder_id"], unique=False)
    op.create_index("ix_number_use_number", "number_use", ["e164"], unique=False)
    op.create_index(
        "uq_number_use_now",
        "number_use",
        ["e164", "holder", "holder_id"],
        unique=True,
        postgresql_where=sa.text("until_day IS NULL"),
    )
