"""Who stands behind a device: a copy of devices, homes, residents, contacts and regions in memory.

The alarm path asks only this copy. A sweep brings it up to date: every table it reads has `changed_xid`, a change of an
assignment bumps its device, a removed contact its resident, a removed resident their home. An alarm that overtakes the sweep uses the copy as it was.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import asyncpg
import structlog

from callcenter.core.errors import CallCenterError, Invalid
from callcenter.core.phone import parse_phone
from callcenter.devices.callers import Caller, Person, Recipient, SourceRef
from callcenter.devices.codec import DeviceKey
from callcenter.regions.tree import RegionRow, RegionSettings, resolve_settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """How one HTTP source proves itself: a bearer token (its SHA-256), an HMAC secret, or either."""

    source: SourceRef
    bearer_hash: bytes | None
    key_id: str | None
    secret: bytes | None


@dataclass(slots=True)
class _Home:
    row: Mapping[str, Any]
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class _Device:
    id: int
    kind: str
    label: str
    region_id: int
    source: str
    identifier: str
    assignments: tuple[tuple[datetime, datetime | None, int, int | None], ...]


@dataclass(slots=True)
class _Tables:
    regions: dict[int, RegionRow] = field(default_factory=dict)
    homes: dict[int, _Home] = field(default_factory=dict)
    devices: dict[tuple[str, str], _Device] = field(default_factory=dict)
    device_names: dict[int, tuple[str, str]] = field(default_factory=dict)
    sources: dict[str, SourceRef] = field(default_factory=dict)
    credentials: list[Credentials] = field(default_factory=list)
    keys: dict[str, dict[str, DeviceKey]] = field(default_factory=lambda: defaultdict(dict))
    home_of: dict[int, int] = field(default_factory=dict)
    """Resident to home, so that a move empties the old home too."""


Unseal = Callable[[bytes, str], bytes]
"""(sealed bytes, context) -> plain bytes."""


class Registry:
    """The copy in memory. `load` and `sweep` read on a connection they are given; everything else is plain look-up."""

    def __init__(self, unseal: Unseal) -> None:
        self._unseal = unseal
        self._tables = _Tables()
        self._callers: dict[tuple[str, str], tuple[Caller, datetime]] = {}
        """Worked out before, and until when that holds."""
        self._sweeping = asyncio.Lock()
        self._xmin: int | None = None
        self._regions_read: tuple[int, int] | None = None

    # ---- look-up

    def source(self, name: str) -> SourceRef | None:
        """The source of this name, or None."""
        return self._tables.sources.get(name)

    def credentials(self) -> Sequence[Credentials]:
        """Those of the HTTP sources, as of the last sweep."""
        return self._tables.credentials

    def keys(self, source_name: str) -> Mapping[str, DeviceKey]:
        """Device keys of one source by identifier: a live, read-only view."""
        return MappingProxyType(self._tables.keys[source_name])

    def device_id(self, source: str, identifier: str) -> int | None:
        """For last-seen."""
        device = self._tables.devices.get((source, identifier))
        return device.id if device else None

    def resolve(self, source: SourceRef, identifier: str, now: datetime) -> Caller:
        """Who calls. An unknown device is a caller too, of the source's region: it rings."""
        name = (source.name, identifier)
        held = self._callers.get(name)
        if held is not None and now < held[1]:
            return held[0]
        device = self._tables.devices.get(name)
        if device is None:
            return self._unknown(source, identifier)
        caller = self._known(device, now)
        self._callers[name] = caller, _holds_until(device, now)
        return caller

    def home_caller(self, home_id: int, resident_id: int | None, now: datetime) -> Caller | None:
        """The home itself as a caller: for texts about an incident, and for a device that is assigned by hand."""
        home = self._tables.homes.get(home_id)
        return self._at_home(home, None, resident_id, now.date()) if home else None

    @property
    def root_id(self) -> int:
        """The root of the region tree."""
        return next(region.id for region in self._tables.regions.values() if len(region.path) == 1)

    def region_path(self, region_id: int) -> tuple[int, ...]:
        """Ids from the root down to the region."""
        return self._tables.regions[region_id].path

    def region_settings(self, region_id: int) -> RegionSettings:
        """Hotline, policy, signatures and duty numbers, inherited."""
        return resolve_settings(self._tables.regions, region_id)

    def _region(self, region_id: int) -> int:
        """This region; the root while one that was made a moment ago is not here yet. No alarm fails for that (G3)."""
        return region_id if region_id in self._tables.regions else self.root_id

    def _known(self, device: _Device, now: datetime) -> Caller:
        for valid_from, valid_until, home_id, resident_id in reversed(device.assignments):
            if valid_from <= now and (valid_until is None or now < valid_until):
                home = self._tables.homes.get(home_id)
                if home is not None:
                    return self._at_home(home, device, resident_id, now.date())
        region_id = self._region(device.region_id)
        return Caller(
            subject=f"device:{device.id}",
            device_id=device.id,
            home_id=None,
            resident_id=None,
            region_id=region_id,
            region_path=self.region_path(region_id),
            settings=self.region_settings(region_id),
            lat=None,
            lng=None,
            card={"people": [], "device_kind": device.kind, "device_label": device.label},
        )

    def _at_home(
        self, home: _Home, device: _Device | None, resident_id: int | None, today: date
    ) -> Caller:
        row = home.row
        if resident_id is None and len(home.people) == 1:
            resident_id = home.people[0].resident_id
        region_id = self._region(row["region_id"])
        return Caller(
            subject=f"home:{row['id']}",
            device_id=device.id if device else None,
            home_id=row["id"],
            resident_id=resident_id,
            region_id=region_id,
            region_path=self.region_path(region_id),
            settings=self.region_settings(region_id),
            lat=row["lat"],
            lng=row["lng"],
            card=_card(home, device, resident_id, today),
            people=home.people,
        )

    def _unknown(self, source: SourceRef, identifier: str) -> Caller:
        region_id = self._region(source.region_id)
        return Caller(
            subject=f"caller:{source.name}:{identifier}",
            device_id=None,
            home_id=None,
            resident_id=None,
            region_id=region_id,
            region_path=self.region_path(region_id),
            settings=self.region_settings(region_id),
            lat=None,
            lng=None,
            card={"people": []},
            known=False,
        )

    # ---- loading

    async def load(self, connection: asyncpg.Connection) -> None:
        """Read everything, once at the start."""
        self._tables = _Tables()
        self._callers.clear()
        self._xmin = await connection.fetchval(_SNAPSHOT_XMIN)
        self._regions_read = tuple(await connection.fetchrow(_REGIONS_STATE))
        await self._load_regions(connection)
        await self._load_sources(connection)
        await self._load_homes(connection, None)
        await self._load_devices(connection, None)

    async def sweep(self, connection: asyncpg.Connection) -> bool:
        """Read what has changed since the last sweep; True when something had.

        A sweep that fails on the way is made again from where it began: `_xmin` moves on at the end. One at a time, else
        a slow one would put back what a faster one has read after it.
        """
        async with self._sweeping:
            xmin = await connection.fetchval(_SNAPSHOT_XMIN)
            regions = tuple(await connection.fetchrow(_REGIONS_STATE))
            new_regions = regions != self._regions_read
            changed = await self._read_changes(connection, new_regions=new_regions)
            self._xmin, self._regions_read = xmin, regions
            return changed

    async def _read_changes(self, connection: asyncpg.Connection, *, new_regions: bool) -> bool:
        changed = await connection.fetchrow(_CHANGED, self._xmin)
        homes = set(changed["homes"] or ())
        homes.update(
            self._tables.home_of[resident_id]
            for resident_id in changed["residents"] or ()
            if resident_id in self._tables.home_of
        )
        devices = changed["devices"] or []
        if not (homes or devices or new_regions or changed["sources"]):
            return False
        await self._load_regions(connection)
        await self._load_sources(connection)
        await self._load_homes(connection, list(homes))
        # With a source, devices may have been removed, which leave no mark of their own.
        await self._load_devices(connection, None if changed["sources"] else devices)
        self._callers.clear()
        return True

    async def _load_regions(self, connection: asyncpg.Connection) -> None:
        rows = await connection.fetch(_REGIONS)
        self._tables.regions = {row["id"]: RegionRow.of(row) for row in rows}

    async def _load_sources(self, connection: asyncpg.Connection) -> None:
        rows = await connection.fetch(_SOURCES)
        self._tables.sources = {
            row["name"]: SourceRef(
                row["name"], row["kind"], row["region_id"], row["retry_horizon_s"]
            )
            for row in rows
        }
        self._tables.credentials = [
            Credentials(
                self._tables.sources[row["name"]],
                row["bearer_hash"],
                row["hmac_key_id"],
                self._opened(row["hmac_secret_sealed"], "source.hmac_secret", row["name"]),
            )
            for row in rows
            if row["bearer_hash"] or row["hmac_secret_sealed"]
        ]

    def _opened(self, sealed: bytes | None, context: str, of: object) -> bytes | None:
        """The secret; None if there is none, or none that can be opened, which must not hide all the others."""
        if sealed is None:
            return None
        try:
            return self._unseal(sealed, context)
        except CallCenterError as error:
            log.error("secret_not_opened", context=context, of=of, code=error.code)  # noqa: TRY400 no secrets in a trace
            return None

    async def _load_homes(self, connection: asyncpg.Connection, only: list[int] | None) -> None:
        recipients: dict[int, list[Recipient]] = defaultdict(list)
        for row in await connection.fetch(_CONTACTS, only):
            if _can_text(row["phone"]):
                recipients[row["resident_id"]].append(
                    Recipient(
                        row["id"], row["phone"], row["language"], row["name"], row["name_latin"]
                    )
                )
        people: dict[int, list[Person]] = defaultdict(list)
        for row in await connection.fetch(_RESIDENTS, only):
            people[row["home_id"]].append(_person(row, recipients[row["id"]]))
            self._tables.home_of[row["id"]] = row["home_id"]
        rows = await connection.fetch(_HOMES, only)
        # From here to the end nothing waits: an alarm meets a home as it was or as it is, never a gap.
        for home_id in only or ():
            self._tables.homes.pop(home_id, None)
        for row in rows:
            self._tables.homes[row["id"]] = _Home(row, tuple(people[row["id"]]))

    async def _load_devices(self, connection: asyncpg.Connection, only: list[int] | None) -> None:
        tables = self._tables
        assignments: dict[int, list[tuple[datetime, datetime | None, int, int | None]]] = (
            defaultdict(list)
        )
        for row in await connection.fetch(_ASSIGNMENTS, only):
            assignments[row["device_id"]].append(
                (row["valid_from"], row["valid_until"], row["home_id"], row["resident_id"])
            )
        rows = await connection.fetch(_DEVICES, only)
        # From here to the end nothing waits, as with the homes.
        for device_id in list(tables.device_names) if only is None else only:
            name = tables.device_names.pop(device_id, None)
            if name is not None:
                tables.devices.pop(name, None)
                tables.keys[name[0]].pop(name[1], None)
        for row in rows:
            name = (row["source"], row["identifier"])
            tables.device_names[row["id"]] = name
            tables.devices[name] = _Device(
                row["id"],
                row["kind"],
                row["label"],
                row["region_id"],
                *name,
                tuple(assignments[row["id"]]),
            )
            secret = self._opened(row["key_sealed"], "device.key", row["id"])
            if secret is not None:
                tables.keys[name[0]][name[1]] = DeviceKey(secret)


def _holds_until(device: _Device, now: datetime) -> datetime:
    """Ages change at midnight, an assignment begins and ends at any time."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    moments = (
        moment
        for valid_from, valid_until, _, _ in device.assignments
        for moment in (valid_from, valid_until)
        if moment is not None and now < moment
    )
    return min([midnight, *moments])


def _can_text(phone: str) -> bool:
    try:
        return parse_phone(phone).can_text
    except Invalid:
        return False


def _person(row: Mapping[str, Any], recipients: list[Recipient]) -> Person:
    return Person(
        resident_id=row["id"],
        name=row["name"],
        name_latin=row["name_latin"],
        sex=row["sex"],
        birth_date=row["birth_date"],
        risk=row["risk"],
        status=row["status"],
        hazards=tuple(row["hazards"]),
        hazards_en=tuple(row["hazards_en"]),
        recipients=tuple(recipients),
    )


def age_on(birth_date: date | None, today: date) -> int | None:
    """Whole years."""
    if birth_date is None:
        return None
    before_birthday = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - before_birthday


def _card(
    home: _Home, device: _Device | None, resident_id: int | None, today: date
) -> Mapping[str, Any]:
    """The card of seats.messages.Card, ready for JSON."""
    row = home.row
    return {
        "people": [
            {
                "resident_id": person.resident_id,
                "name": person.name,
                "name_latin": person.name_latin,
                "sex": person.sex,
                "age": age_on(person.birth_date, today),
                "risk": person.risk,
                "status": person.status,
                "hazards": person.hazards,
                "hazards_en": person.hazards_en,
                "pressed": person.resident_id == resident_id,
            }
            for person in home.people
        ],
        "address": row["address"],
        "address_en": row["address_en"],
        "estate": row["estate"],
        "building": row["building"],
        "building_en": row["building_en"],
        "building_id": row["building_id"],
        "entrance": row["entrance"],
        "floor": row["floor"],
        "door": row["door"],
        "access_note": row["access_note"],
        "key_note": row["key_note"],
        "device_kind": device.kind if device else None,
        "device_label": device.label if device else None,
    }


_SNAPSHOT_XMIN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

_CHANGED = """
WITH since AS (SELECT $1::bigint::text::xid8 AS xid)
SELECT
    (SELECT array_agg(DISTINCT home_id) FROM (
        SELECT id AS home_id FROM home, since WHERE changed_xid >= xid
        UNION ALL
        SELECT home_id FROM resident, since WHERE changed_xid >= xid
        UNION ALL
        SELECT resident.home_id FROM contact JOIN resident ON resident.id = contact.resident_id, since
        WHERE contact.changed_xid >= xid
    ) AS touched) AS homes,
    (SELECT array_agg(id) FROM resident, since WHERE changed_xid >= xid) AS residents,
    (SELECT array_agg(id) FROM device, since WHERE changed_xid >= xid) AS devices,
    EXISTS (SELECT 1 FROM source, since WHERE changed_xid >= xid) AS sources
"""

# Any insert, update or delete of a region changes one of the two; regions are few and have no version.
_REGIONS_STATE = "SELECT count(*), coalesce(sum(xmin::text::bigint), 0)::bigint FROM region"

_REGIONS = """
SELECT id, parent_id, path, level, name, name_en, hotline, ambulance_number, fire_number, police_number, sms_policy,
       sms_signature, sms_signature_en, duty_numbers
FROM region
"""

_SOURCES = """
SELECT name, kind, region_id, retry_horizon_s, bearer_hash, hmac_key_id, hmac_secret_sealed FROM source WHERE active
"""

_HOMES = """
SELECT home.id, home.region_id, home.building_id, home.address, home.address_en, home.entrance, home.floor, home.door,
       home.access_note, home.key_note, home.lat, home.lng, coalesce(building.estate, '') AS estate,
       coalesce(building.name, '') AS building, coalesce(building.name_en, '') AS building_en
FROM home LEFT JOIN building ON building.id = home.building_id
WHERE $1::bigint[] IS NULL OR home.id = ANY($1)
"""

_RESIDENTS = """
SELECT id, home_id, name, name_latin, sex, birth_date, risk, status, hazards, hazards_en
FROM resident WHERE $1::bigint[] IS NULL OR home_id = ANY($1) ORDER BY id
"""

_CONTACTS = """
SELECT contact.id, contact.resident_id, contact.phone, contact.language, contact.name, contact.name_latin
FROM contact JOIN resident ON resident.id = contact.resident_id
WHERE contact.sms_consent AND ($1::bigint[] IS NULL OR resident.home_id = ANY($1))
ORDER BY contact.resident_id, contact.rank
"""

_DEVICES = """
SELECT id, kind, label, region_id, source, identifier, key_sealed
FROM device WHERE $1::bigint[] IS NULL OR id = ANY($1)
"""

_ASSIGNMENTS = """
SELECT device_id, home_id, resident_id, valid_from, valid_until
FROM device_assignment WHERE $1::bigint[] IS NULL OR device_id = ANY($1) ORDER BY device_id, valid_from
"""
