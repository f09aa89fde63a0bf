"""Somebody who was registered twice, with a row in every table that says of a row whose it is."""

from __future__ import annotations

from random import Random
from typing import Any

import asyncpg

from callcenter.core.ids import new_id
from tests.support.community import LONG_AGO, Community

WHOSE = """
SELECT conrelid::regclass::text AS tab, attname::text AS col, confrelid::regclass::text AS what
FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f' AND confrelid IN ('resident'::regclass, 'home'::regclass)
UNION SELECT table_name, column_name, split_part(column_name, '_', 1) FROM information_schema.columns
WHERE table_schema = 'public' AND column_name IN ('resident_id', 'home_id')
"""
LEFT_AS_THEY_ARE = {
    "journal": "what was received, and from where, as it was",
    "drill_press": "a press of an exercise that was made",
    "emergency_access": "what somebody opened, and why",
}
_BESIDE = "('changed_xid', 'version', 'updated_at')"


async def register(
    community: Community, home: int, chance: Random, *, phone: str, name: str = "沈玉兰"
) -> int:
    """A resident with contacts, devices, facts, calls, incidents: each perhaps there and perhaps not."""
    owner = community.owner
    resident = await community.resident(home, name)
    await owner.execute(
        "UPDATE resident SET phone = $2, living = $3, welfare = $4, allergies = $5 WHERE id = $1",
        resident,
        phone,
        chance.choice([None, "alone", "couple"]),
        chance.sample(["minimum_allowance", "no_family"], chance.randint(0, 2)),
        chance.choice(["", "青霉素", "磺胺"]),
    )
    for rank in range(1, chance.randint(1, 4)):
        await community.contact(resident, rank, phone=f"+86139{chance.randrange(10**8):08}")
    if chance.random() < 0.7:
        await community.device(f"D{resident}", home, resident)
    await _of_rounds(owner, community.street, home, resident)
    for made in (_of_records, _of_calls, _of_incidents):
        if chance.random() < 0.8:
            await made(owner, community.street, home, resident)
    return resident


async def _of_records(owner: asyncpg.Connection, region: int, home: int, resident: int) -> None:
    staff = await owner.fetchval(
        "INSERT INTO staff (name, region_id, active_from) VALUES ('王芳', $1, '2020-01-01') RETURNING id",
        region,
    )
    await owner.execute(
        "INSERT INTO responsible (home_id, staff_id, duty, from_day) VALUES ($1, $2, 'doctor', '2020-01-01')",
        home,
        staff,
    )
    await owner.execute(
        "INSERT INTO agent (resident_id, staff_id, powers, from_day) VALUES ($1, $2, '{order}', '2020-01-01')",
        resident,
        staff,
    )
    await owner.execute(
        "INSERT INTO consent (resident_id, purpose, kind, given_by, at) VALUES ($1, 'location', 'granted', 'self', $2)",
        resident,
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO resident_fact (resident_id, kind, value, from_day, recorded_at, source)"
        " VALUES ($1, 'disability', '2', '2020-01-01', $2, 'api')",
        resident,
        LONG_AGO,
    )


async def _of_calls(owner: asyncpg.Connection, region: int, home: int, resident: int) -> None:
    listed = await owner.fetchval("SELECT id FROM call_list WHERE region_id = $1 LIMIT 1", region)
    if listed is None:
        listed = await owner.fetchval(
            "INSERT INTO call_list (kind, region_id, name, created_at) VALUES ('well_being', $1, 'x', $2) RETURNING id",
            region,
            LONG_AGO,
        )
    await owner.execute(
        "INSERT INTO call_plan (list_id, resident_id, every, at, next_at) VALUES ($1, $2, 'daily', '09:00', $3)",
        listed,
        resident,
        LONG_AGO,
    )
    item = await owner.fetchval(
        "INSERT INTO call_item (list_id, subject, home_id, resident_id, occurrence, due_at, rank, next_try_at)"
        " VALUES ($1, $2, $3, $4, '2026-03-01', $5, 1, $5) RETURNING id",
        listed,
        f"resident:{resident}",
        home,
        resident,
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO call_signal (id, item_id, home_id, resident_id, region_id, kind, text, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, '', $7)",
        new_id(),
        item,
        home,
        resident,
        region,
        await owner.fetchval(
            "SELECT substring(pg_get_constraintdef(oid) FROM '''([a-z_]+)''') FROM pg_constraint"
            " WHERE conname = 'ck_call_signal_kind_known'"
        ),
        LONG_AGO,
    )


async def _of_rounds(owner: asyncpg.Connection, region: int, home: int, resident: int) -> None:
    """On a round, with the visit of a day; they ride free."""
    visited = await owner.fetchval(
        "WITH made AS ("
        "  INSERT INTO round (name, kind, region_id, weekdays, from_day, begins_at, closes_at, created_at)"
        "  VALUES ('送奶', 'milk', $1, '{1}', '2020-01-01', '06:00', '12:00', $4) RETURNING id"
        "), stop AS ("
        "  INSERT INTO round_stop (round_id, n, home_id, resident_id) SELECT id, 1, $2, $3 FROM made RETURNING id"
        "), run AS ("
        "  INSERT INTO round_run (round_id, day, begins_at, closes_at, written_at)"
        "  SELECT id, '2026-03-01', $4, $4, $4 FROM made RETURNING id"
        ") INSERT INTO round_visit (run_id, stop_id, n, home_id, resident_id, state)"
        "  SELECT run.id, stop.id, 1, $2, $3, 'done' FROM run, stop RETURNING id",
        region,
        home,
        resident,
        LONG_AGO,
    )
    assert visited is not None
    await owner.execute(
        "INSERT INTO ride_entitlement (resident_id, from_day, rides_a_month, created_at) VALUES ($1, '2020-01-01', 4, $2)",
        resident,
        LONG_AGO,
    )


async def _of_incidents(owner: asyncpg.Connection, region: int, home: int, resident: int) -> None:
    for state in ("waiting", "closed"):
        await owner.execute(
            "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, home_id, resident_id, source,"
            " identifier, card, opened_at, last_signal_at, marks, kinds, state, outcome, closed_at) VALUES ($1, $2, 'alarm', 'sos', 1, $3,"
            " ARRAY[$3]::bigint[], $4, $5, 'dc09', 'A101', '{}', $6, $6, '{}', '{sos}', $7, $8, $9)"
            " ON CONFLICT (subject, class) WHERE state <> 'closed' DO NOTHING",
            new_id(),
            f"home:{home}",
            region,
            home,
            resident,
            LONG_AGO,
            state,
            "test" if state == "closed" else None,
            LONG_AGO if state == "closed" else None,
        )


async def everything(owner: asyncpg.Connection) -> dict[str, list[str]]:
    """All rows that say whose they are, and the two themselves, without their marks of change."""
    tables = {row["tab"] for row in await owner.fetch(WHOSE)} | {"resident", "home", "number_use"}
    return {
        table: [
            row[0]
            for row in await owner.fetch(
                f"SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) WHERE key NOT IN {_BESIDE})::text"  # noqa: S608
                f" AS row FROM {table} AS t ORDER BY id"
            )
        ]
        for table in sorted(tables)
    }


async def pointing_at(owner: asyncpg.Connection, what: str, row_id: int) -> list[str]:
    """Columns in which this home or resident is still named."""
    found = []
    for row in await owner.fetch(WHOSE):
        if row["what"] != what or row["tab"] in LEFT_AS_THEY_ARE:
            continue
        count = await owner.fetchval(
            f"SELECT count(*) FROM {row['tab']} WHERE {row['col']} = $1",  # noqa: S608 the catalogue's names
            row_id,
        )
        found += [f"{row['tab']}.{row['col']}"] if count else []
    return found


def counted(state: dict[str, list[Any]]) -> dict[str, int]:
    return {table: len(rows) for table, rows in state.items()}
