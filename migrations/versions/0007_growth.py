"""Indexes that keep lists, searches and histories quick among a million people and ten million incidents."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DROPPED = (
    "ix_resident_name_prefix",
    "ix_resident_pinyin_prefix",
    "ix_resident_initials_prefix",
    "ix_home_region_id",
    "ix_home_building_id",
)

_MADE = (
    'CREATE INDEX ix_resident_name_order ON resident (name COLLATE "C", id)',
    'CREATE INDEX ix_resident_pinyin_order ON resident (pinyin COLLATE "C", id)',
    'CREATE INDEX ix_resident_initials ON resident (initials COLLATE "C", pinyin, id)',
    'CREATE INDEX ix_home_address_order ON home (address COLLATE "C", id)',
    "CREATE INDEX ix_home_address_en_trigram ON home USING gin (address_en gin_trgm_ops)",
    "CREATE INDEX ix_home_region ON home (region_id, id)",
    "CREATE INDEX ix_home_door ON home (building_id, entrance, door)",
    "CREATE INDEX ix_device_kind ON device (kind)",
    "CREATE INDEX ix_device_battery_low ON device (id) WHERE battery_low",
    "CREATE INDEX ix_device_assignment_resident ON device_assignment (resident_id)",
    "CREATE INDEX ix_incident_closed ON incident (opened_at, id) WHERE state = 'closed'",
    "CREATE INDEX ix_incident_closed_region ON incident (region_id, opened_at, id) WHERE state = 'closed'",
    "CREATE INDEX ix_audit_entry_action ON audit_entry (action, id)",
    'CREATE INDEX ix_device_identifier_order ON device (lower(identifier) COLLATE "C", id)',
    'CREATE INDEX ix_device_label_prefix ON device (label COLLATE "C")',
    "CREATE INDEX ix_device_label_trigram ON device USING gin (label gin_trgm_ops)",
)


def upgrade() -> None:
    for name in _DROPPED:
        op.execute(f"DROP INDEX {name}")
    for statement in _MADE:
        op.execute(statement)
