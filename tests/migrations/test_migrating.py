"""Bringing databases to the schema of this release."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from callcenter.core.errors import Misconfigured
from callcenter.core.migrating import (
    current_revision,
    latest_revision,
    migrate,
    needs_migration,
)
from tests.support.earlier_release import upgrade_to
from tests.support.postgres import TestDatabases


@pytest.fixture
async def empty(databases: TestDatabases) -> AsyncIterator[str]:
    made = await databases.empty()
    yield made
    await databases.drop(made)


async def test_an_empty_database_gets_every_revision_and_then_needs_none(empty: str):
    assert await current_revision(empty) is None
    assert await needs_migration(empty)

    applied = await migrate(empty)

    assert applied[-1] == latest_revision() == await current_revision(empty)
    assert not await needs_migration(empty)
    assert await migrate(empty) == []


async def test_processes_that_migrate_at_once_take_turns(empty: str):
    applied = await asyncio.gather(migrate(empty), migrate(empty), migrate(empty))

    assert sorted(map(len, applied))[:2] == [0, 0]
    assert await current_revision(empty) == latest_revision()


async def test_a_database_of_a_later_release_is_left_alone(dsn: str, owner: asyncpg.Connection):
    await owner.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Misconfigured, match="9999"):
        await migrate(dsn)
    with pytest.raises(Misconfigured, match="9999"):
        await needs_migration(dsn)


async def test_a_database_without_unicode_letters_is_refused(databases: TestDatabases):
    made = await databases.empty("LC_CTYPE 'C' LOCALE_PROVIDER libc")
    try:
        with pytest.raises(Misconfigured, match=r"LC_CTYPE 'C\.UTF-8'"):
            await migrate(made)
    finally:
        await databases.drop(made)


async def test_a_migration_gives_up_rather_than_queue_all_alarms_behind_it(empty: str):
    """Somebody else's long transaction holds the version table."""
    await upgrade_to(empty, "0001")
    blocker = await asyncpg.connect(empty)
    try:
        async with blocker.transaction():
            await blocker.execute("LOCK TABLE incident IN ACCESS SHARE MODE")
            with pytest.raises(Exception, match="lock timeout"):
                await migrate(empty, lock_timeout_s=0.1)
    finally:
        await blocker.close()

    assert await current_revision(empty) == "0001"
    await migrate(empty)


async def test_a_filled_database_keeps_its_rows(empty: str):
    await upgrade_to(empty, "0001")
    connection = await asyncpg.connect(empty)
    try:
        await connection.execute(_ROWS)
        before = await _counts(connection)
        await migrate(empty)

        assert await _counts(connection) == before
        assert set(before.values()) == {1}
        assert await connection.fetchval("SELECT name FROM resident") == "沈玉兰"
        assert await connection.fetchval("SELECT subject FROM incident") == "home:1"
        roads = await connection.fetch("SELECT region_id, name, name_en, width_m, line FROM road")
        assert [tuple(road) for road in roads] == [
            (1, "榆荫路", "", 16.0, "[[104.0, 40.0], [104.1, 40.0]]")
        ]
        left = await connection.fetchval(
            "SELECT basemap #>> '{features,0,properties,kind}' FROM region"
        )
        assert left == "water"
        assert (
            await connection.fetchval(
                "SELECT jsonb_array_length(basemap -> 'features') FROM region"
            )
            == 1
        )
    finally:
        await connection.close()


_TABLES = (
    "region", "building", "home", "resident", "contact", "device", "device_assignment", "source", "app_user",
    "role_grant", "journal", "incident", "timeline_entry", "sms_message",
)  # fmt: skip

_ROWS = """
INSERT INTO region (path, level, name, name_en) VALUES ('{1}', 'root', '中国', 'China');
UPDATE region SET basemap = '{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"kind": "road", "name": "榆荫路", "width": 16},
   "geometry": {"type": "LineString", "coordinates": [[104.0, 40.0], [104.1, 40.0]]}},
  {"type": "Feature", "properties": {"kind": "water"}, "geometry": {"type": "Polygon", "coordinates": []}}]}';
INSERT INTO building (region_id, name, name_en, floors, footprint) VALUES (1, '3号楼', 'Building 3', 6, '[]');
INSERT INTO home (region_id, building_id, address) VALUES (1, 1, '榆荫里3号楼2单元501');
INSERT INTO resident (home_id, name, name_latin, pinyin, initials, created_at, updated_at)
VALUES (1, '沈玉兰', 'Shen Yulan', 'shenyulan', 'syl', '2026-03-01Z', '2026-03-01Z');
INSERT INTO contact (resident_id, rank, name, relation, phone) VALUES (1, 1, '周明', '儿子', '+8613900000001');
INSERT INTO device (region_id, source, identifier, kind) VALUES (1, 'dc09', '4711', 'pendant');
INSERT INTO device_assignment (device_id, home_id, valid_from) VALUES (1, 1, '2026-03-01Z');
INSERT INTO source (name, kind, region_id) VALUES ('dc09', 'dc09', 1);
INSERT INTO app_user (login, name, password_hash, created_at) VALUES ('lin', '林晓', 'x', '2026-03-01Z');
INSERT INTO role_grant (user_id, role, region_id) VALUES (1, 'operator', 1);
INSERT INTO journal (id, source, outcome, received_at, stored_at, raw)
VALUES ('01890000-0000-7000-8000-000000000001', 'dc09', 'opened', '2026-03-01Z', '2026-03-01Z', 'x');
INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)
VALUES ('01890000-0000-7000-8000-000000000002', 'home:1', 'alarm', 'sos', 1, 1, '{1}', 'dc09', '{}', '2026-03-01Z', '2026-03-01Z');
INSERT INTO timeline_entry (incident_id, number, at, kind)
VALUES ('01890000-0000-7000-8000-000000000002', 1, '2026-03-01Z', 'opened');
INSERT INTO sms_message (id, dedup, region_id, recipient, kind, params, language, priority, created_at, due_at, expires_at)
VALUES ('01890000-0000-7000-8000-000000000003', 'a', 1, '+8613900000001', 'alarm_raised', '{}', 'zh-CN', 1, '2026-03-01Z', '2026-03-01Z', '2026-03-01Z');
"""


async def _counts(connection: asyncpg.Connection) -> dict[str, int]:
    return {
        table: await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        for table in _TABLES
    }


async def test_accounts_of_an_earlier_release_get_the_names_their_panels_use(empty: str):
    await upgrade_to(empty, "0002")
    connection = await asyncpg.connect(empty)
    try:
        await connection.execute(_SOURCES)
        await migrate(empty)

        devices = await connection.fetch("SELECT source, identifier FROM device ORDER BY id")
        assert [tuple(row) for row in devices] == [
            ("dc09", "B1C1"),
            ("dc09", "0042"),
            ("dc09", "A101"),
            ("dc09", "a101"),  # one device twice: the name belongs to the other row
            ("phones", "ep-1"),
        ]
        sources = await connection.fetch("SELECT name, kind, retry_horizon_s FROM source")
        assert {tuple(row) for row in sources} == {
            ("dc09", "dc09", None),
            ("phones", "http_json", None),
            ("slow", "http_json", 3600),
        }
    finally:
        await connection.close()


_SOURCES = """
INSERT INTO region (path, level, name, name_en) VALUES ('{1}', 'root', '中国', 'China');
INSERT INTO source (name, kind, region_id, retry_horizon_s)
VALUES ('dc09', 'dc09', 1, 60), ('phones', 'http', 1, 86400), ('slow', 'http', 1, 3600);
INSERT INTO device (region_id, source, identifier, kind)
VALUES (1, 'dc09', 'b1c1', 'pendant'), (1, 'dc09', '42', 'pendant'), (1, 'dc09', 'A101', 'pendant'),
       (1, 'dc09', 'a101', 'pendant'), (1, 'phones', 'ep-1', 'elder_phone');
"""


async def test_people_of_an_earlier_release_get_their_past(empty: str):
    """A thousand of them: who died, moved or lies in hospital has that day from the audit trail, else of the last change."""
    await upgrade_to(empty, "0024")
    connection = await asyncpg.connect(empty)
    try:
        await connection.execute(_PEOPLE)
        await migrate(empty)

        assert await connection.fetchval("SELECT count(*) FROM residence") == 999
        assert await connection.fetchval("SELECT count(*) FROM resident_fact") == 3003
        stays = (
            "SELECT region_id, address, from_day, until_day FROM residence WHERE resident_id = $1"
        )
        born, none = date(2026, 3, 2), None  # 1 March in UTC, at night, is the 2nd at the site
        assert [tuple(row) for row in await connection.fetch(stays, 1)] == [
            (1, "榆荫里3号楼", born, none)
        ]
        assert [tuple(row) for row in await connection.fetch(stays, 2)] == [
            (1, "榆荫里3号楼", born, date(2026, 4, 11))
        ]
        assert await connection.fetch(stays, 3) == []  # moved away before the day was over
        events = await connection.fetch(
            "SELECT resident_id, kind, day FROM resident_event ORDER BY 1"
        )
        assert [tuple(row) for row in events] == [
            (2, "died", date(2026, 4, 10)),
            (3, "moved_out", born),
            (4, "hospital", date(2026, 5, 1)),
        ]
        facts = await connection.fetch(
            "SELECT kind, value, from_day FROM resident_fact WHERE resident_id = 1 ORDER BY kind, value"
        )
        assert [tuple(row) for row in facts] == [
            ("ability", "mild", born),
            ("living", "alone", born),
            ("welfare", "no_family", born),
            ("welfare", "preferential", born),
        ]
        numbers = await connection.fetch("SELECT holder, e164 FROM number_use ORDER BY id LIMIT 2")
        assert {row["holder"] for row in numbers} == {"resident"}
        assert await connection.fetchval("SELECT count(*) FROM number_use") == 1001
    finally:
        await connection.close()


_PEOPLE = """
INSERT INTO region (path, level, name, name_en) VALUES ('{1}', 'root', '中国', 'China');
INSERT INTO home (region_id, address) VALUES (1, '榆荫里3号楼');
INSERT INTO resident (home_id, name, name_latin, pinyin, initials, phone, welfare, living, ability, created_at, updated_at)
SELECT 1, '沈玉兰', 'Shen Yulan', 'shenyulan', 'syl', '+86139' || lpad(n::text, 8, '0'), '{no_family}', 'alone', 'mild',
       '2026-03-01T17:00Z', '2026-05-01T01:00Z'
FROM generate_series(1, 1000) AS n;
UPDATE resident SET welfare = '{preferential,no_family,preferential}' WHERE id <= 3;
UPDATE resident SET status = 'deceased' WHERE id = 2;
UPDATE resident SET status = 'moved', updated_at = created_at WHERE id = 3;
UPDATE resident SET status = 'hospital' WHERE id = 4;
INSERT INTO contact (resident_id, rank, name, relation, phone) VALUES (1, 1, '周明', '儿子', '+8613900000001');
INSERT INTO audit_entry (id, at, action, subject, detail)
VALUES ('01890000-0000-7000-8000-000000000001', '2026-04-10T02:00Z', 'resident_changed', 'resident:2', '{"fields": ["status"]}'),
       ('01890000-0000-7000-8000-000000000002', '2026-04-20T02:00Z', 'resident_changed', 'resident:2', '{"fields": ["risk"]}');
"""
