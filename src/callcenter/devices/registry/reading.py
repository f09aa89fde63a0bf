"""From the tables into the copy, in slices between which the event loop serves others."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg
import structlog

from callcenter.core.errors import CallCenterError
from callcenter.devices.callers import Match, SourceRef, Whose
from callcenter.devices.codec import DeviceKey, Former
from callcenter.devices.formats import retry_horizon_s
from callcenter.devices.registry import changes
from callcenter.devices.registry.credentials import Credentials
from callcenter.devices.registry.packing import DEVICES, HOMES
from callcenter.devices.registry.resolving import Copy
from callcenter.regions.tree import RegionRow

log = structlog.get_logger(__name__)

HMAC_SECRET: Final = "source.hmac_secret"  # noqa: S105 - the name of a sealed column, not a secret
"""Context of the sealed secrets of sources."""

SLICE = 250
"""Rows a statement: they hold the loop for a few milliseconds at most."""

Unseal = Callable[[bytes, str], bytes]
"""(sealed bytes, context) -> plain bytes."""

Row = Mapping[str, Any]


class Reader:
    """Reads into one copy, on whatever connection it is given."""

    def __init__(self, copy: Copy, unseal: Unseal) -> None:
        self._copy = copy
        self._unseal = unseal

    async def regions(self, connection: asyncpg.Connection) -> None:
        """All regions: they are few."""
        found: dict[int, RegionRow] = {}
        for rows in _slices(await connection.fetch(REGIONS)):
            found.update((row["id"], RegionRow.of(row)) for row in rows)
            await asyncio.sleep(0)
        self._copy.put_regions(found)

    async def tests(self, connection: asyncpg.Connection) -> None:
        """Those that may hold now or later: they are few."""
        found: defaultdict[tuple[str, int | None], list[tuple[datetime, datetime]]] = defaultdict(
            list
        )
        for row in await connection.fetch(TESTS):
            found[row["subject"], row["subject_id"]].append((row["from_at"], row["until_at"]))
        self._copy.tests = dict(found)

    async def staff(self, connection: asyncpg.Connection) -> None:
        """Whoever works or helps and can be called: they are few."""
        self._copy.put_staff([_worker(row) for row in await connection.fetch(STAFF)])

    async def organisations(self, connection: asyncpg.Connection) -> None:
        """Whoever has a number and goes on: they are few."""
        rows = await connection.fetch(ORGANISATIONS)
        self._copy.put_organisations([_organisation(row) for row in rows])

    async def sources(self, connection: asyncpg.Connection) -> None:
        """All active sources: they are few."""
        rows = await connection.fetch(SOURCES)
        self._copy.sources = sources = {row["name"]: _source(row) for row in rows}
        self._copy.credentials = [
            Credentials(
                sources[row["name"]],
                row["bearer_hash"],
                row["hmac_key_id"],
                self._opened(row["hmac_secret_sealed"], HMAC_SECRET, row["name"]),
                self._former(row),
            )
            for row in rows
            if row["bearer_hash"] or row["hmac_secret_sealed"]
        ]

    async def keys(self, connection: asyncpg.Connection) -> None:
        """The keys of all devices that have one."""
        after = 0
        while rows := await connection.fetch(KEYS, after):
            for row in rows:
                self._put_key(row)
            after = rows[-1]["id"]

    async def homes_after(self, connection: asyncpg.Connection, home_id: int) -> int | None:
        """The next slice in the order of ids; the last id read, None when there are no more."""
        rows = await connection.fetch(NEXT_HOMES, home_id)
        await self._take_homes(connection, rows)
        return rows[-1]["id"] if rows else None

    async def devices_after(self, connection: asyncpg.Connection, device_id: int) -> int | None:
        """As `homes_after`; without keys, which have been read before."""
        rows = await connection.fetch(NEXT_DEVICES, device_id)
        await self._take_devices(connection, rows)
        return rows[-1]["id"] if rows else None

    async def homes(self, connection: asyncpg.Connection, ids: Sequence[int]) -> None:
        """These homes as they are now, and those whose residents have moved here."""
        rows = await connection.fetch(_THESE_HOMES, ids)
        for home_id in set(ids).difference(row["id"] for row in rows):
            self._copy.drop_home(home_id)
        await self._take_homes(connection, rows)

    async def devices(self, connection: asyncpg.Connection, ids: Sequence[int]) -> None:
        """These devices as they are now, with their keys."""
        rows = await connection.fetch(_THESE_DEVICES, ids)
        for device_id in set(ids).difference(row["id"] for row in rows):
            self._copy.drop_device(device_id)
        await self._take_devices(connection, rows)
        for row in rows:
            self._put_key(row)

    async def devices_named(
        self, connection: asyncpg.Connection, source: str, identifiers: Sequence[str]
    ) -> None:
        """Devices that nobody has read yet, in any letters, with their homes. What is in the copy by then is newer."""
        names = [identifier.lower() for identifier in identifiers]
        rows = await connection.fetch(_NAMED_DEVICES, source, names)
        await self.homes_early(connection, self._absent_homes(rows))
        for row in rows:
            if self._copy.device_id(source, row["identifier"]) != row["id"]:
                self._copy.put_device(row["id"], source, row["identifier"], row["record"])

    async def numbered(self, connection: asyncpg.Connection, e164: str) -> None:
        """Homes and devices with this telephone number that nobody has read yet."""
        homes = [row["home_id"] for row in await connection.fetch(_NUMBERED_HOMES, e164)]
        await self.homes_early(connection, [one for one in homes if not self._copy.has_home(one)])
        digits = e164.removeprefix("+")
        written = [digits, digits.removeprefix("86")]
        for row in await connection.fetch(_NUMBERED_DEVICES, written):
            await self.devices_named(connection, row["source"], [row["identifier"]])

    async def homes_early(self, connection: asyncpg.Connection, ids: Sequence[int]) -> None:
        """Homes that nobody has read yet. Who has moved here from where is noted when their turn comes."""
        for row in await connection.fetch(_THESE_HOMES, ids) if ids else ():
            if not self._copy.has_home(row["id"]):
                self._copy.put_home(row["id"], row["record"], ())

    async def _take_homes(self, connection: asyncpg.Connection, rows: Iterable[Row]) -> None:
        left: list[int] = []
        for row in rows:
            left += self._copy.put_home(row["id"], row["record"], row["residents"])
        if left:
            await self.homes(connection, left)

    async def _take_devices(self, connection: asyncpg.Connection, rows: Sequence[Row]) -> None:
        """Homes first, so that a device in the copy is never without the home it serves."""
        absent = self._absent_homes(rows)
        if absent:
            await self.homes(connection, absent)
        for row in rows:
            self._copy.put_device(row["id"], row["source"], row["identifier"], row["record"])

    def _absent_homes(self, rows: Iterable[Row]) -> list[int]:
        wanted = {home_id for row in rows for home_id in row["homes"]}
        return [home_id for home_id in wanted if not self._copy.has_home(home_id)]

    def _former(self, row: Row) -> Former | None:
        """What holds beside the present secrets, for some time yet."""
        if row["before_until"] is None:
            return None
        secret = self._opened(row["hmac_secret_before_sealed"], HMAC_SECRET, row["name"])
        return Former(row["before_until"], row["bearer_hash_before"], secret)

    def _put_key(self, row: Row) -> None:
        secret = self._opened(row["key_sealed"], "device.key", row["id"])
        key = None if secret is None else DeviceKey(secret, row["encrypted_only"])
        self._copy.put_key(row["id"], row["source"], row["identifier"], key)

    def _opened(self, sealed: bytes | None, context: str, of: object) -> bytes | None:
        """The secret; None if there is none, or none that can be opened, which must not hide all the others."""
        if sealed is None:
            return None
        try:
            return self._unseal(sealed, context)
        except CallCenterError as error:
            log.error("secret_not_opened", context=context, of=of, code=error.code)  # noqa: TRY400 no secrets in a trace
            return None


async def each_answer(
    connection: asyncpg.Connection,
) -> AsyncIterator[tuple[str, Sequence[Any], Sequence[Row]]]:
    """Whatever a registry asks for that reads everything, in its order, with the answers; in one transaction that sees one moment."""
    for query in ONCE:
        yield query, (), await connection.fetch(query)
    for query in PAGED:
        rows: Sequence[Row] = ({"id": 0},)
        while rows:
            after = rows[-1]["id"]
            rows = await connection.fetch(query, after)
            yield query, (after,), rows


def _source(row: Row) -> SourceRef:
    horizon = retry_horizon_s(row["kind"], row["retry_horizon_s"])
    return SourceRef(row["name"], row["kind"], row["region_id"], horizon)


def _worker(row: Row) -> tuple[str, Match]:
    kinds = ", ".join(row["kinds"])
    holder = Match(
        whose=Whose.STAFF, name=row["name"], region_id=row["region_id"], staff_id=row["id"], relation=kinds, relation_en=kinds,
    )  # fmt: skip
    return row["phone"], holder


def _organisation(row: Row) -> tuple[str, Match]:
    holder = Match(
        whose=Whose.ORGANISATION, name=row["name"], name_en=row["name_en"], region_id=row["region_id"], organisation_id=row["id"],
        relation=row["kind"], relation_en=row["kind"],
    )  # fmt: skip
    return row["phone"], holder


def _slices(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    return (rows[start : start + SLICE] for start in range(0, len(rows), SLICE))


REGIONS = """
SELECT id, parent_id, path, level, name, name_en, hotline, ambulance_number, fire_number, police_number, sms_policy,
       contact_policy, next_contact_s, follow_min, service_due_s, sms_signature, sms_signature_en, duty_numbers, duty_shifts, escalation,
       storm_alarms
FROM region
"""

TESTS = """
SELECT subject, subject_id, from_at, until_at FROM test_period
WHERE ended_at IS NULL AND noticed_at IS NULL
"""
"""What is over by the site's clock was noticed; the database's may go otherwise."""

STAFF = """
SELECT id, name, phone, region_id, kinds FROM staff
WHERE phone IS NOT NULL AND (active_until IS NULL OR active_until > current_date) ORDER BY id
"""

ORGANISATIONS = """
SELECT id, kind, name, name_en, phone, region_id FROM organisation
WHERE phone IS NOT NULL AND (until_day IS NULL OR until_day > current_date) ORDER BY id
"""

SOURCES = """
SELECT name, kind, region_id, retry_horizon_s, bearer_hash, hmac_key_id, hmac_secret_sealed,
       bearer_hash_before, hmac_secret_before_sealed, before_until
FROM source WHERE active
"""

KEYS = f"""
SELECT id, source, identifier, key_sealed, encrypted_only FROM device
WHERE key_sealed IS NOT NULL AND id > $1 ORDER BY id LIMIT {SLICE}
"""  # noqa: S608 a constant number, which the planner needs to see

NEXT_HOMES = f"{HOMES} WHERE home.id > $1 ORDER BY home.id LIMIT {SLICE}"
_THESE_HOMES = f"{HOMES} WHERE home.id = ANY($1::bigint[])"

NEXT_DEVICES = f"{DEVICES} WHERE device.id > $1 ORDER BY device.id LIMIT {SLICE}"
_THESE_DEVICES = f"{DEVICES} WHERE device.id = ANY($1::bigint[])"
_NUMBERED_HOMES = """
SELECT home_id FROM resident WHERE phone = $1 OR second_phone = $1
UNION SELECT home_id FROM contact JOIN resident ON resident.id = contact.resident_id WHERE contact.phone = $1
LIMIT 100
"""
_NUMBERED_DEVICES = """
SELECT source, identifier FROM device
WHERE sim <> '' AND regexp_replace(sim, '[^0-9]', '', 'g') = ANY($1::text[]) LIMIT 100
"""

_NAMED_DEVICES = f"""
{DEVICES} WHERE device.source = $1 AND lower(device.identifier) COLLATE "C" = ANY($2::text[])
"""

ONCE: Final = (
    changes.IDENTITY, changes.NOW_SEEN, changes.REGIONS_STATE, changes.TESTS_STATE, changes.STAFF_STATE,
    changes.ORGANISATIONS_STATE, REGIONS, TESTS, STAFF, ORGANISATIONS, SOURCES,
)  # fmt: skip
"""What is read whole."""
PAGED: Final = (KEYS, NEXT_HOMES, NEXT_DEVICES)
"""What is read in pages, each after the id that ended the one before."""
