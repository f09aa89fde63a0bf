"""Rows of a city: `seed` fills an empty database with as many residents as asked, by set-based SQL within seconds.

Three residents of ten share their home with another, every resident has a device, and 1.8 contacts on average. Triggers
do not run meanwhile, so the connection must be a superuser's; the rows are what the triggers would have left.
"""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SOURCE = "dc09"
HOMES_PER_BUILDING = 60
HOMES_PER_REGION = 3_000


async def seed(connection: asyncpg.Connection, residents: int) -> None:
    """Regions, buildings, homes, residents, contacts, devices and their assignments, and the source `dc09`."""
    homes = max(1, residents * 10 // 13)
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        root = await _root(connection)
        regions = await connection.fetch(_REGIONS, root, 1 + homes // HOMES_PER_REGION)
        ids = [row["id"] for row in regions]
        await connection.execute("UPDATE region SET path = ARRAY[parent_id, id] WHERE path = '{}'")
        buildings = 1 + homes // HOMES_PER_BUILDING
        await connection.execute(_BUILDINGS, buildings, ids)
        trigram_indexes = await connection.fetch(_DROPPABLE)
        for index in trigram_indexes:
            await connection.execute(f"DROP INDEX {index['name']}")
        await connection.execute(_HOMES, homes, buildings)
        await connection.execute(_RESIDENTS, residents, LONG_AGO, homes)
        await connection.execute(_CONTACTS)
        await connection.execute(_SOURCE, SOURCE, root)
        await connection.execute(_DEVICES, SOURCE)
        await connection.execute(_ASSIGNMENTS, SOURCE, LONG_AGO)
        for index in trigram_indexes:
            await connection.execute(index["definition"])
    await connection.execute("VACUUM ANALYZE")


def identifier(number: int) -> str:
    """The device of the resident of this number, counted from 0."""
    return f"{0x100000 + number:X}"


async def _root(connection: asyncpg.Connection) -> int:
    root = await connection.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
    if root is None:
        root = await connection.fetchval(_ROOT)
        await connection.execute("UPDATE region SET path = ARRAY[id] WHERE id = $1", root)
    return int(root)


_ROOT = """
INSERT INTO region (path, level, name, name_en, hotline, sms_policy, sms_signature, sms_signature_en)
VALUES ('{}', 'root', '全市', 'City', '0999-8012349', 'at_once', '榆荫里养老', 'Yuyinli Care') RETURNING id
"""

# Built over all rows at once they take a tenth of the time.
_DROPPABLE = """
SELECT indexname AS name, indexdef AS definition FROM pg_indexes
WHERE tablename IN ('home', 'resident', 'contact') AND indexdef LIKE '%USING gin%'
"""

_REGIONS = """
INSERT INTO region (parent_id, path, level, name, name_en)
SELECT $1, '{}', 'community', '榆荫里第' || n || '社区', 'Yuyinli ' || n FROM generate_series(1, $2::bigint) AS n
RETURNING id
"""

_BUILDINGS = """
INSERT INTO building (region_id, estate, name, name_en, floors, footprint)
SELECT ($2::bigint[])[1 + n % cardinality($2::bigint[])], '榆荫里' || 1 + n / 20 || '村', n % 20 + 1 || '号楼',
       'Building ' || n % 20 + 1, 6, '[[104,40],[104.001,40],[104.001,40.001],[104,40]]'
FROM generate_series(0, $1::bigint - 1) AS n
"""

_HOMES = """
WITH place AS (
    SELECT id, region_id, estate, name, name_en, row_number() OVER (ORDER BY id) - 1 AS number FROM building
)
INSERT INTO home (region_id, building_id, address, address_en, entrance, floor, door, access_note, key_note, lat, lng)
SELECT region_id, place.id, estate || name || n % 3 + 1 || '单元' || n % 6 + 1 || '0' || n % 2 + 1,
       'Yuyinli ' || name_en || '-' || n % 3 + 1 || '-' || n % 6 + 1 || '0' || n % 2 + 1, (n % 3 + 1)::text, n % 6 + 1,
       n % 6 + 1 || '0' || n % 2 + 1, CASE WHEN n % 3 = 0 THEN '门禁密码问物业' ELSE '' END,
       CASE WHEN n % 4 = 0 THEN '钥匙在对门邻居处' ELSE '' END, 40 + n % 9973 * 1e-5, 104 + n % 9967 * 1e-5
FROM generate_series(0, $1::bigint - 1) AS n JOIN place ON place.number = n % $2::bigint
"""

_RESIDENTS = """
WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM home)
INSERT INTO resident (home_id, name, name_latin, pinyin, initials, sex, birth_date, risk, status, phone, hazards,
                      hazards_en, created_at, updated_at)
SELECT numbered.id, (ARRAY['沈','乔','陆','林','顾','郑','潘','钱'])[n % 8 + 1] || (ARRAY['玉兰','文斌','美云','国强','秀英'])[n % 5 + 1],
       (ARRAY['Shen','Qiao','Lu','Lin','Gu','Zheng','Pan','Qian'])[n % 8 + 1] || ' ' ||
       (ARRAY['Yulan','Wenbin','Meiyun','Guoqiang','Xiuying'])[n % 5 + 1], 'shenyulan' || n % 1000, 'syl',
       CASE WHEN n % 2 = 0 THEN 'female' ELSE 'male' END, date '1930-01-01' + (n % 9000)::int,
       (ARRAY['low','medium','high'])[n % 3 + 1], CASE WHEN n % 50 = 0 THEN 'hospital' ELSE 'home' END,
       '+86138' || lpad((n % 100000000)::text, 8, '0'),
       CASE WHEN n % 3 = 0 THEN '{抗凝药,青霉素过敏}'::text[] ELSE '{}' END,
       CASE WHEN n % 3 = 0 THEN '{anticoagulant,penicillin allergy}'::text[] ELSE '{}' END, $2, $2
FROM generate_series(0, $1::bigint - 1) AS n JOIN numbered ON numbered.number = n % $3::bigint ORDER BY n
"""

_CONTACTS = """
INSERT INTO contact (resident_id, rank, name, name_latin, relation, relation_en, phone)
SELECT id, rank, '沈岚' || id % 100, 'Shen Lan', '女儿', 'daughter',
       CASE WHEN id % 20 = 0 THEN '+862162' || lpad((id % 1000000)::text, 6, '0')
       ELSE '+86139' || lpad(((id * 2 + rank) % 100000000)::text, 8, '0') END
FROM resident CROSS JOIN generate_series(1, 2) AS rank WHERE rank = 1 OR id % 5 <> 0
"""

_SOURCE = """
INSERT INTO source (name, kind, region_id) VALUES ($1, 'dc09', $2) ON CONFLICT (name) DO NOTHING
"""

_DEVICES = """
WITH numbered AS (
    SELECT resident.id, region_id, row_number() OVER (ORDER BY resident.id) - 1 AS n
    FROM resident JOIN home ON home.id = home_id
)
INSERT INTO device (region_id, source, identifier, kind, model)
SELECT region_id, $1, upper(to_hex(1048576 + n)), CASE WHEN n % 4 = 0 THEN 'bedside_button' ELSE 'pendant' END, 'P1'
FROM numbered ORDER BY n
"""

_ASSIGNMENTS = """
WITH numbered AS (SELECT id, home_id, row_number() OVER (ORDER BY id) - 1 AS n FROM resident)
INSERT INTO device_assignment (device_id, home_id, resident_id, valid_from)
SELECT device.id, numbered.home_id, numbered.id, $2
FROM numbered JOIN device ON source = $1 AND identifier = upper(to_hex(1048576 + n))
"""
