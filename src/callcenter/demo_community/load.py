"""Writes the demo community into an empty database, and tells the virtual devices who they are."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from callcenter.alerts.models import IncidentRow, JournalEntry, TimelineEntry
from callcenter.auth.models import Grant, User
from callcenter.auth.passwords import hash_password
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.private_files import replace_private
from callcenter.core.sealed import Seal
from callcenter.demo_community.history import PastIncident, past_incidents
from callcenter.demo_community.place import (
    BUILDINGS,
    COMMUNITY,
    GRIDS,
    POINTS,
    REGIONS,
    ROOT_SETTINGS,
    at,
    basemap,
)
from callcenter.demo_community.plan import (
    DC09_SOURCE,
    ESTATE,
    HTTP_KEY_ID,
    HTTP_SOURCE,
    PASSWORD,
    USERS,
    Community,
    PlannedHome,
    PlannedResident,
    community,
)
from callcenter.demo_community.wording import Both
from callcenter.devices.models import (
    HTTP_RETRY_HORIZON_S,
    Device,
    DeviceAssignment,
    DeviceLastSeen,
    Source,
    SourceKind,
)
from callcenter.devices.signals import CLASS_OF, PRIORITY_OF, Kind
from callcenter.regions.models import Region
from callcenter.regions.upkeep import add_region, root_region
from callcenter.residents.models import Building, Contact, Home, PointOfInterest, Resident
from callcenter.residents.names import latin_name

DEVICES_FILE = "demo-devices.json"
LOGINS_FILE = "demo-logins.json"
DEVICE_KEY = "device.key"
HMAC_SECRET = "source.hmac_secret"  # noqa: S105 - the name of a sealed column, not a secret
IDENTITY = "resident.identity"


async def load(database: Database, seal: Seal, clock: Clock, data_dir: Path) -> None:
    """Load the community in one transaction, unless it is there; write what its devices and its log-in page need."""
    async with database.transaction() as session:
        if await session.scalar(select(Region.id).where(Region.code == COMMUNITY)) is None:
            await _write(session, seal, clock.now())
    path = data_dir / DEVICES_FILE
    if not path.exists():
        async with database.transaction() as session:
            content = await describe_devices(session, seal)
        await asyncio.to_thread(replace_private, path, content)
    await asyncio.to_thread(replace_private, data_dir / LOGINS_FILE, describe_logins())


def describe_logins() -> dict[str, Any]:
    """For the log-in page of the demo, so that a newcomer needs one press."""
    return {
        "logins": [
            {
                "login": user.login,
                "password": PASSWORD,
                "name": user.name,
                "name_en": user.name_en,
                "role": user.role,
            }
            for user in USERS
        ]
    }


@dataclass(frozen=True, slots=True)
class _Ids:
    """Database ids by position in the plan."""

    regions: Mapping[str, Region]
    homes: Sequence[int]
    residents: Sequence[int]
    devices: Sequence[int]
    users: Sequence[int]


async def _write(session: AsyncSession, seal: Seal, now: datetime) -> None:
    planned = community(now.date())
    regions = await _regions(session)
    homes = await _places(session, planned, regions)
    residents = await _people(session, seal, planned, homes, now)
    devices = await _devices(session, seal, planned, regions, homes, residents, now)
    users = await _users(session, planned, regions, now)
    ids = _Ids(regions, homes, residents, devices, users)
    await _history(session, planned, ids, now)


async def _insert(
    session: AsyncSession, column: InstrumentedAttribute[int], rows: list[dict[str, Any]]
) -> list[int]:
    """One statement; the ids in the order of the rows."""
    statement = insert(column.class_).returning(column, sort_by_parameter_order=True)
    return list(await session.scalars(statement, rows))


# ---- places


async def _regions(session: AsyncSession) -> dict[str, Region]:
    root = await root_region(session)
    for name, value in ROOT_SETTINGS.items():
        setattr(root, name, value)
    found = {"": root}
    for planned in REGIONS:
        found[planned.code] = await add_region(
            session,
            found[planned.parent or ""],
            code=planned.code,
            level=planned.level,
            name=planned.name,
            name_en=planned.name_en,
            **planned.settings,
        )
    found[COMMUNITY].basemap = basemap()
    await session.flush()
    return found


async def _places(
    session: AsyncSession, planned: Community, regions: Mapping[str, Region]
) -> list[int]:
    buildings = await _insert(
        session,
        Building.id,
        [
            {
                "region_id": regions[GRIDS[building.grid - 1]].id,
                "estate": ESTATE,
                "name": f"{building.number}号楼",
                "name_en": f"Building {building.number}",
                "floors": building.floors,
                "floor_height_m": 3.0 if building.lift else 2.9,
                "lift": building.lift,
                "footprint": building.footprint,
                "entrances": building.entrance_list(),
            }
            for building in BUILDINGS
        ],
    )
    await _insert(
        session,
        PointOfInterest.id,
        [
            {
                "region_id": regions[COMMUNITY].id,
                "kind": point.kind,
                "name": point.name,
                "name_en": point.name_en,
                "lng": at(point.x, point.y)[0],
                "lat": at(point.x, point.y)[1],
                "phone": point.phone,
            }
            for point in POINTS
        ],
    )
    return await _insert(
        session, Home.id, [_home_row(home, buildings, regions) for home in planned.homes]
    )


def _home_row(
    home: PlannedHome, buildings: Sequence[int], regions: Mapping[str, Region]
) -> dict[str, Any]:
    return {
        "region_id": regions[home.grid].id,
        "building_id": buildings[home.building.number - 1],
        "address": home.address.zh,
        "address_en": home.address.en,
        "entrance": str(home.household.entrance),
        "floor": home.household.floor,
        "door": home.household.door,
        "access_note": home.access.zh,
        "key_note": home.key.zh,
        "lat": home.lat,
        "lng": home.lng,
        "english": _english(access_note=home.access, key_note=home.key),
    }


def _english(**columns: Both) -> dict[str, str]:
    return {name: both.en for name, both in columns.items() if both.en}


# ---- people


async def _people(
    session: AsyncSession, seal: Seal, planned: Community, homes: Sequence[int], now: datetime
) -> list[int]:
    residents = await _insert(
        session,
        Resident.id,
        [
            _resident_row(resident, homes[resident.home], seal, planned, now)
            for resident in planned.residents
        ],
    )
    await _insert(
        session,
        Contact.id,
        [
            {
                "resident_id": resident_id,
                "rank": contact.rank,
                "name": contact.name,
                "name_latin": contact.name_latin,
                "relation": contact.relation,
                "relation_en": contact.relation_en,
                "phone": contact.phone,
                "distance": contact.distance.zh,
                "far_away": contact.far_away,
                "has_key": contact.has_key,
                "reachable": contact.reachable.zh,
                "english": _english(distance=contact.distance, reachable=contact.reachable),
            }
            for resident_id, resident in zip(residents, planned.residents, strict=True)
            for contact in resident.contacts
        ],
    )
    return residents


def _resident_row(
    resident: PlannedResident, home_id: int, seal: Seal, planned: Community, now: datetime
) -> dict[str, Any]:
    person, name = resident.person, latin_name(resident.person.name)
    number = resident.identity_number.encode()
    return {
        "home_id": home_id,
        "name": person.name,
        "name_latin": name.latin,
        "pinyin": name.pinyin,
        "initials": name.initials,
        "sex": person.sex,
        "birth_date": resident.birth_date,
        "identity_sealed": seal.seal(number, context=IDENTITY),
        "identity_index": seal.blind_index(number, context=IDENTITY),
        "phone": resident.phone,
        "status": person.status,
        "welfare": list(person.welfare),
        "living": planned.homes[resident.home].household.living,
        "ability": person.ability,
        "risk": person.risk,
        "hazards": [hazard.zh for hazard in resident.hazards],
        "hazards_en": [hazard.en for hazard in resident.hazards],
        "health_note": resident.note.zh,
        "medicines": resident.medicines.zh,
        "allergies": resident.allergy.zh,
        "hospital": resident.hospital.zh,
        "hearing": person.hearing.zh,
        "dialect": resident.dialect.zh,
        "talk_note": resident.talk.zh,
        "language": person.language,
        "english": _english(
            health_note=resident.note,
            medicines=resident.medicines,
            allergies=resident.allergy,
            hospital=resident.hospital,
            hearing=person.hearing,
            dialect=resident.dialect,
            talk_note=resident.talk,
        ),
        "created_at": now,
        "updated_at": now,
    }


# ---- devices


async def _devices(
    session: AsyncSession,
    seal: Seal,
    planned: Community,
    regions: Mapping[str, Region],
    homes: Sequence[int],
    residents: Sequence[int],
    now: datetime,
) -> list[int]:
    await _sources(session, seal, regions)
    devices = await _insert(
        session,
        Device.id,
        [
            {
                "region_id": regions[
                    COMMUNITY if device.home is None else planned.homes[device.home].grid
                ].id,
                "source": device.source,
                "identifier": device.identifier,
                "kind": device.kind,
                "model": device.model,
                "label": device.label,
                "key_sealed": _new_key(seal, device.key_bytes),
                "battery_low": device.battery_low,
                "heartbeat_s": 3600 if device.silent else None,
            }
            for device in planned.devices
        ],
    )
    both = list(zip(devices, planned.devices, strict=True))
    await _insert(
        session,
        DeviceAssignment.id,
        [
            {
                "device_id": device_id,
                "home_id": homes[device.home],
                "resident_id": None if device.resident is None else residents[device.resident],
                "valid_from": now - timedelta(days=90),
            }
            for device_id, device in both
            if device.home is not None
        ],
    )
    silent = [device_id for device_id, device in both if device.silent]
    last_seen = now - timedelta(days=3)
    await session.execute(
        insert(DeviceLastSeen),
        [{"device_id": device_id, "seen_at": last_seen} for device_id in silent],
    )
    return devices


def _new_key(seal: Seal, length: int) -> bytes | None:
    return seal.seal(secrets.token_bytes(length), context=DEVICE_KEY) if length else None


async def _sources(session: AsyncSession, seal: Seal, regions: Mapping[str, Region]) -> None:
    """The phones' source with secrets of its own, and the listener's row if nothing has made it yet."""
    secret = secrets.token_hex(32)
    session.add(
        Source(
            name=HTTP_SOURCE,
            kind=SourceKind.HTTP,
            region_id=regions[COMMUNITY].id,
            retry_horizon_s=HTTP_RETRY_HORIZON_S,
            hmac_key_id=HTTP_KEY_ID,
            hmac_secret_sealed=seal.seal(secret.encode(), context=HMAC_SECRET),
            bearer_hash=sha256(_bearer(secret).encode()).digest(),
        )
    )
    if await session.scalar(select(Source.id).where(Source.name == DC09_SOURCE)) is None:
        session.add(Source(name=DC09_SOURCE, kind=SourceKind.DC09, region_id=regions[""].id))
    await session.flush()


def _bearer(secret: str) -> str:
    """Derived, so that one sealed secret is enough to tell both again."""
    return sha256(b"bearer:" + secret.encode()).hexdigest()


async def describe_devices(session: AsyncSession, seal: Seal) -> dict[str, Any]:
    """What the virtual devices need: who they are and what they sign or encrypt with."""
    source = (await session.scalars(select(Source).where(Source.name == HTTP_SOURCE))).one()
    assert source.hmac_secret_sealed is not None  # noqa: S101 - written by _sources
    secret = seal.open(source.hmac_secret_sealed, context=HMAC_SECRET).decode()
    return {
        "http": {
            "source": HTTP_SOURCE,
            "key_id": source.hmac_key_id,
            "secret": secret,
            "bearer": _bearer(secret),
        },
        "devices": [
            _description(row, seal, secret) for row in (await session.execute(_described())).all()
        ],
    }


def _described() -> Any:
    only_resident: ColumnElement[bool] = (Resident.id == DeviceAssignment.resident_id) | (
        DeviceAssignment.resident_id.is_(None) & (Resident.home_id == Home.id)
    )
    return (
        select(Device, Home.address, Home.address_en, Resident.name, Resident.name_latin)
        .ext(distinct_on(Device.id))
        .join(Region, Region.id == Device.region_id)
        .outerjoin(DeviceAssignment, DeviceAssignment.device_id == Device.id)
        .outerjoin(Home, Home.id == DeviceAssignment.home_id)
        .outerjoin(Resident, only_resident)
        .where(Device.source.in_([DC09_SOURCE, HTTP_SOURCE]))
        .order_by(Device.id, Resident.id)
    )


def _description(row: Any, seal: Seal, secret: str) -> dict[str, Any]:
    device, address, address_en, name, name_latin = row
    over_http = device.source == HTTP_SOURCE
    key = device.key_sealed and seal.open(device.key_sealed, context=DEVICE_KEY).hex()
    return {
        "identifier": device.identifier,
        "source": "http" if over_http else "dc09",
        "source_name": device.source,
        "kind": device.kind,
        "key": key,
        "key_id": HTTP_KEY_ID if over_http else None,
        "secret": secret if over_http else None,
        "resident": name,
        "resident_latin": name_latin,
        "home": address,
        "home_en": address_en,
    }


# ---- log-ins and the past


async def _users(
    session: AsyncSession, planned: Community, regions: Mapping[str, Region], now: datetime
) -> list[int]:
    hashes = [await asyncio.to_thread(hash_password, PASSWORD) for _ in planned.users]
    users = await _insert(
        session,
        User.id,
        [
            {
                "login": user.login,
                "name": user.name,
                "name_en": user.name_en,
                "password_hash": password_hash,
                "language": user.language,
                "created_at": now,
            }
            for user, password_hash in zip(planned.users, hashes, strict=True)
        ],
    )
    await _insert(
        session,
        Grant.id,
        [
            {"user_id": user_id, "role": user.role, "region_id": regions[user.region or ""].id}
            for user_id, user in zip(users, planned.users, strict=True)
        ],
    )
    return users


async def _history(session: AsyncSession, planned: Community, ids: _Ids, now: datetime) -> None:
    told = [_Told(past, planned, ids) for past in past_incidents(now)]
    await session.execute(insert(IncidentRow), [one.incident_row() for one in told])
    await session.execute(insert(TimelineEntry), [row for one in told for row in one.entry_rows()])
    await session.execute(insert(JournalEntry), [one.journal_row() for one in told])


class _Told:
    """One past incident as rows."""

    def __init__(self, past: PastIncident, planned: Community, ids: _Ids) -> None:
        self.past = past
        self.id = new_id()
        position = planned.resident_called(past.name)
        self.resident = planned.residents[position]
        self.home = planned.homes[self.resident.home]
        self.device = next(
            number
            for number, device in enumerate(planned.devices)
            if device.kind == past.device
            and device.home == self.resident.home
            and device.resident in (None, position)
        )
        self.planned_device = planned.devices[self.device]
        self.resident_id = ids.residents[position]
        self.home_id = ids.homes[self.resident.home]
        self.device_id = ids.devices[self.device]
        self.region = ids.regions[self.home.grid]
        self.user_id = ids.users[past.operator]
        self.user = planned.users[past.operator]

    def _at(self, seconds: int) -> datetime:
        return self.past.opened_at + timedelta(seconds=seconds)

    def incident_row(self) -> dict[str, Any]:
        kind, last = Kind(self.past.kind), self.past.steps[-1]
        taken = next(step for step in self.past.steps if step.kind == "taken")
        return {
            "id": self.id,
            "version": len(self.past.steps),
            "subject": f"home:{self.home_id}",
            "signal_class": CLASS_OF[kind].value,
            "kind": kind.value,
            "state": "closed",
            "priority": PRIORITY_OF[kind],
            "region_id": self.region.id,
            "region_path": list(self.region.path),
            "home_id": self.home_id,
            "resident_id": self.resident_id,
            "device_id": self.device_id,
            "source": self.planned_device.source,
            "identifier": self.planned_device.identifier,
            "lat": self.home.lat,
            "lng": self.home.lng,
            "card": self._card(),
            "opened_at": self.past.opened_at,
            "last_signal_at": self.past.opened_at,
            "taken_by": self.user_id,
            "taken_by_name": self.user.name,
            "taken_at": self._at(taken.after),
            "closed_at": self._at(last.after),
            "outcome": self.past.outcome,
            "safe_by": self.past.safe_by,
            "safe_where": self.past.safe_where,
        }

    def _card(self) -> dict[str, Any]:
        """As it was pushed then: the shape of seats.messages.Card."""
        person = self.resident.person
        return {
            "people": [
                {
                    "resident_id": self.resident_id,
                    "name": person.name,
                    "name_latin": latin_name(person.name).latin,
                    "sex": person.sex,
                    "age": person.age,
                    "risk": person.risk,
                    "status": person.status,
                    "hazards": [hazard.zh for hazard in self.resident.hazards],
                    "hazards_en": [hazard.en for hazard in self.resident.hazards],
                    "pressed": True,
                }
            ],
            "address": self.home.address.zh,
            "address_en": self.home.address.en,
            "estate": ESTATE,
            "building": f"{self.home.building.number}号楼",
            "building_en": f"Building {self.home.building.number}",
            "entrance": str(self.home.household.entrance),
            "floor": self.home.household.floor,
            "door": self.home.household.door,
            "access_note": self.home.access.zh,
            "key_note": self.home.key.zh,
            "device_kind": self.planned_device.kind,
            "device_label": self.planned_device.label,
        }

    def entry_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "incident_id": self.id,
                "number": number,
                "at": self._at(step.after),
                "kind": step.kind,
                "user_id": None if step.kind == "opened" else self.user_id,
                "user_name": None if step.kind == "opened" else self.user.name,
                "data": step.data,
            }
            for number, step in enumerate(self.past.steps, start=1)
        ]

    def journal_row(self) -> dict[str, Any]:
        """The signal that opened it. It was never on a wire, so there are no raw bytes, and a flag says why."""
        return {
            "id": new_id(),
            "source": self.planned_device.source,
            "identifier": self.planned_device.identifier,
            "device_id": self.device_id,
            "home_id": self.home_id,
            "kind": self.past.kind,
            "outcome": "opened",
            "incident_id": self.id,
            "occurred_at": self.past.opened_at,
            "received_at": self.past.opened_at,
            "stored_at": self.past.opened_at,
            "flags": ["demo_past"],
            "raw": b"",
        }
