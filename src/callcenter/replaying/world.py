"""Who calls and who decides: the rows that an empty system needs to understand the signals and commands of a night."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from callcenter.core.encoding import encode_text

TABLES: Final = (
    "region", "building", "home", "resident", "contact", "app_user", "role_grant", "source", "device", "device_assignment",
    "test_period", "action_plan", "action_plan_version",
)  # fmt: skip

SECRETS: Final[Mapping[str, Any]] = {
    "password_hash": None, "key_sealed": None, "hmac_secret_sealed": None, "hmac_secret_before_sealed": None,
    "bearer_hash": None, "bearer_hash_before": None, "identity_sealed": None, "identity_index": None,
    "insurance_sealed": None, "photo": None, "basemap": None,
}  # fmt: skip
"""Never leave the system, and decide nothing about an alarm."""


async def read_world(
    connection: asyncpg.Connection, since: datetime
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Table and row. Devices serve the homes that they served when the night began."""
    for table in TABLES:
        asked = _ASSIGNMENTS if table == "device_assignment" else _ROWS.format(table)
        given = (since,) if table == "device_assignment" else ()
        for row in await connection.fetch(asked, *given):
            told: dict[str, Any] = row["told"]
            told.pop("changed_xid", None)
            yield table, {name: SECRETS.get(name, value) for name, value in told.items()}


async def write_world(
    connection: asyncpg.Connection, rows: Sequence[tuple[str, Mapping[str, Any]]]
) -> None:
    """Into empty tables, as they stand: by the superuser, past triggers that would derive the past from them."""
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            await connection.execute(f"DELETE FROM {table}")  # noqa: S608 - what migrations brought
            own = [row for of, row in rows if of == table]
            if own:
                await _write(connection, table, own)


async def _write(
    connection: asyncpg.Connection, table: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    held = {row["attname"] for row in await connection.fetch(_COLUMNS, table)}
    names = ", ".join(name for name in rows[0] if name in held)
    await connection.execute(
        f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE "  # noqa: S608 names of columns
        f"SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, $1::text::jsonb)",
        encode_text(rows),
    )


_ROWS = "SELECT to_jsonb(one) AS told FROM {} AS one ORDER BY one"

_ASSIGNMENTS = """
SELECT to_jsonb(one) || jsonb_build_object('valid_until', CASE WHEN valid_until <= $1 THEN valid_until END) AS told
FROM device_assignment AS one WHERE valid_from <= $1 OR NOT EXISTS (
    SELECT FROM timeline_entry AS said WHERE said.kind = 'assigned' AND said.at = one.valid_from
) ORDER BY one
"""
"""Without those that an operator's `assign` has made since: it makes them again."""

_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
