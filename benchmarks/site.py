"""The site that is measured: a real cluster with fsync on, residents each with a home, a device and a contact, consoles."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

TOKEN = "benchmark-token"  # noqa: S105 - of a database that lives as long as the run
REGIONS = 20
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """Cookies of consoles that see everything, and of consoles of one region each, in turn."""

    everywhere: list[str]
    by_region: list[str]


async def furnish(owner: asyncpg.Connection, residents: int) -> Site:
    """Fill an empty database."""
    root = await owner.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
    if root is None:
        root = await _region(owner, None, "root")
    regions = [await _region(owner, root, "community") for _ in range(REGIONS)]
    await owner.execute(_HOMES, residents, regions)
    await owner.execute(_RESIDENTS, LONG_AGO)
    await owner.execute(_CONTACTS)
    await owner.execute(
        "INSERT INTO source (name, kind, region_id, bearer_hash) VALUES ('bench', 'http_json', $1, $2)",
        root,
        hashlib.sha256(TOKEN.encode()).digest(),
    )
    await owner.execute(_DEVICES, LONG_AGO)
    everywhere = [await seat_of(owner, f"all-{n}", root) for n in range(40)]
    by_region = [await seat_of(owner, f"region-{n}", region) for n, region in enumerate(regions)]
    await owner.execute("ANALYZE")
    return Site(everywhere, by_region)


async def reset(owner: asyncpg.Connection) -> None:
    """Emptied, and on the disk before anything is measured; `owner` is a superuser."""
    await empty(owner)
    await owner.execute("CHECKPOINT")


async def empty(owner: asyncpg.Connection) -> None:
    """Away with everything that alarms and calls have written, and with what refers to it."""
    while not await _is_emptied(owner):
        pass


async def _is_emptied(owner: asyncpg.Connection) -> bool:
    """False where the server, which reads these tables at the same time, got a lock that this waited for."""
    try:
        await owner.execute(
            "TRUNCATE incident, timeline_entry, journal, signal_dedup, sms_message, incident_proof, incident_command, incident_timer, audit_entry,"
            " call, call_leg, recording, voice_call CASCADE"
        )
    except asyncpg.DeadlockDetectedError:
        return False
    return True


async def _region(owner: asyncpg.Connection, parent: int | None, level: str) -> int:
    region: int = await owner.fetchval(
        "INSERT INTO region (parent_id, path, level, name, name_en, hotline, sms_policy, sms_signature)"
        " VALUES ($1, '{}', $2, '社区', 'Community', '0999-8012349', 'at_once', '榆荫里养老') RETURNING id",
        parent,
        level,
    )
    await owner.execute(
        "UPDATE region SET path = coalesce((SELECT path FROM region WHERE id = $2), '{}') || id WHERE id = $1",
        region,
        parent,
    )
    return region


async def seat_of(owner: asyncpg.Connection, login: str, region: int) -> str:
    """The cookie of an operator of this region, whose session is written as the log-in would."""
    user = await owner.fetchval(
        "INSERT INTO app_user (login, name, password_hash, created_at) VALUES ($1, $1, '', $2) RETURNING id",
        login,
        LONG_AGO,
    )
    await owner.execute(
        "INSERT INTO role_grant (user_id, role, region_id) VALUES ($1, 'operator', $2)",
        user,
        region,
    )
    token = secrets.token_urlsafe(32)
    await owner.execute(
        "INSERT INTO login_session (token_hash, user_id, csrf_token, created_at, expires_at, address)"
        " VALUES ($1, $2, '', $3, $4, '')",
        hashlib.sha256(token.encode()).digest(),
        user,
        LONG_AGO,
        datetime.now(UTC) + timedelta(days=1),
    )
    return token


_HOMES = """
INSERT INTO home (region_id, address, address_en, entrance, floor, door, access_note, key_note, lat, lng)
SELECT ($2::bigint[])[1 + n % cardinality($2::bigint[])], '榆荫里' || n || '号楼2单元501', 'Yuyinli ' || n || '-2-501',
       '2', 5, '501', '门禁密码问邻居', '邻居有钥匙', 40 + n * 1e-6, 104 + n * 1e-6
FROM generate_series(0, $1::bigint - 1) AS n
"""

_RESIDENTS = """
INSERT INTO resident (home_id, name, name_latin, pinyin, initials, sex, birth_date, risk, hazards, hazards_en, created_at,
                      updated_at)
SELECT id, '沈玉兰', 'Shen Yulan', 'shenyulan', 'syl', 'female', '1943-03-01', 'high', '{抗凝药,青霉素过敏}',
       '{anticoagulant,penicillin allergy}', $1, $1 FROM home
"""

_CONTACTS = """
INSERT INTO contact (resident_id, rank, name, relation, phone)
SELECT id, rank, '沈岚', '女儿', '+86139' || lpad((id * 2 + rank)::text, 8, '0') FROM resident, generate_series(1, 2) AS rank
"""

_DEVICES = """
WITH numbered AS (SELECT id, region_id, row_number() OVER (ORDER BY id) - 1 AS n FROM home),
made AS (
    INSERT INTO device (region_id, source, identifier, kind)
    SELECT region_id, 'bench', 'b' || lpad(n::text, 6, '0'), 'pendant' FROM numbered RETURNING id, identifier
)
INSERT INTO device_assignment (device_id, home_id, resident_id, valid_from)
SELECT made.id, numbered.id, resident.id, $1
FROM made JOIN numbered ON made.identifier = 'b' || lpad(n::text, 6, '0') JOIN resident ON resident.home_id = numbered.id
"""
