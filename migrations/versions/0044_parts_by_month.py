"""Journal, timelines and audit trail lie in parts, one a month; what was there before becomes one part, where it lies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043b"
branch_labels = None
depends_on = None

KEYS = {"journal": "id", "timeline_entry": "incident_id", "audit_entry": "id"}
"""UUIDv7: they begin with the time, so that each month is a range of them and every key stays unique as it was."""


def upgrade() -> None:
    for table, key in KEYS.items():
        _divide(table, key)
    op.create_table(
        "chain_cut",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("low", sa.Uuid(), nullable=False),
        sa.Column("high", sa.Uuid(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("from_number", sa.BigInteger(), nullable=False),
        sa.Column("from_hash", sa.LargeBinary(), nullable=False),
        sa.Column("to_number", sa.BigInteger(), nullable=False),
        sa.Column("to_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kept_from", sa.BigInteger(), nullable=False),
        sa.Column("kept_before", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kept_d", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "part", name=op.f("pk_chain_cut")),
    )


def _divide(table: str, key: str) -> None:
    """The table becomes the part of all until the end of this month. No row is copied but those that a clock has dated later."""
    before = f"{table}_earlier"
    op.execute(f"ALTER TABLE {table} RENAME TO {before}")
    op.execute(_RENAME_INDEXES.format(table=table, before=before))
    op.execute(
        f"CREATE TABLE {table} (LIKE {before} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE ({key})"
    )
    op.execute(_INDEXES.format(table=table, before=before))
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM callcenter_server")
    op.execute(_ATTACH.format(table=table, before=before, key=key))


_RENAME_INDEXES = """
DO $$
DECLARE
    one text;
BEGIN
    FOR one IN SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = '{before}'::regclass LOOP
        EXECUTE format('ALTER INDEX %I RENAME TO %I', one, replace(one, '{table}', '{before}'));
    END LOOP;
END
$$
"""

_INDEXES = """
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT pg_get_indexdef(indexrelid) AS said, indisprimary FROM pg_index WHERE indrelid = '{before}'::regclass LOOP
        IF one.indisprimary THEN
            EXECUTE 'ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ' || substring(one.said FROM '\\(.*$');
        ELSE
            EXECUTE replace(one.said, '{before}', '{table}');
        END IF;
    END LOOP;
END
$$
"""
"""Each index of the whole is there already for its first part."""

_ATTACH = """
DO $$
DECLARE
    next_month timestamptz := (date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
    high uuid := (lpad(to_hex((extract(epoch FROM next_month) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
BEGIN
    CREATE TABLE {table}_default PARTITION OF {table} DEFAULT;
    IF EXISTS (SELECT FROM {before}) THEN
        WITH dated_later AS (DELETE FROM {before} WHERE {key} >= high RETURNING *)
        INSERT INTO {table} SELECT * FROM dated_later;
        EXECUTE format('ALTER TABLE {table} ATTACH PARTITION {before} FOR VALUES FROM (MINVALUE) TO (%L)', high);
        REVOKE ALL ON {before} FROM callcenter_server;
    ELSE
        DROP TABLE {before};
    END IF;
END
$$
"""
