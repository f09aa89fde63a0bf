"""Writes the demo community into an empty database."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from callcenter.alerts.models import IncidentRow, JournalEntry, Proof, TimelineEntry
from callcenter.alerts.plans.models import ActionPlan, ActionPlanVersion
from callcenter.alerts.plans.plan import stored_steps
from callcenter.auth.models import Grant, User
from callcenter.auth.passwords import hash_password
from callcenter.auth.permissions import Role
from callcenter.calls.models import CallItem, CallList, CallPlan
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.private_files import replace_private
from callcenter.core.sealed import Seal
from callcenter.demo.community import call_lists
from callcenter.demo.community.around import write_around
from callcenter.demo.community.field_day import write_field_day
from callcenter.demo.community.handouts import (
    DEVICE_KEY,
    HMAC_SECRET,
    bearer_of,
    describe_devices,
    describe_logins,
)
from callcenter.demo.community.history import past_incidents
from callcenter.demo.community.hotline import write_hotline
from callcenter.demo.community.in_test import period_row
from callcenter.demo.community.listed import Both
from callcenter.demo.community.lives import Standing, in_their_order, lives
from callcenter.demo.community.moved_in import COMMUNITY, DEVICES_FILE, LOGINS_FILE
from callcenter.demo.community.past_drill import DrilledRows, began_at, drill_row, drilled_rows
from callcenter.demo.community.past_rows import Ids, PastRows
from callcenter.demo.community.photographs import photograph_rows
from callcenter.demo.community.place import at, basemap, ground
from callcenter.demo.community.plan import (
    DC09_SOURCE,
    ESTATE,
    HTTP_KEY_ID,
    HTTP_KIND,
    HTTP_SOURCE,
    Community,
    PlannedHome,
    PlannedResident,
    community,
)
from callcenter.demo.community.plans import demo_plans
from callcenter.demo.community.roster import write_roster
from callcenter.demo.community.rounds import write_rounds
from callcenter.demo.community.users import PASSWORD
from callcenter.demo.community.wording import words
from callcenter.devices.models import (
    Device,
    DeviceAssignment,
    DeviceLastSeen,
    PeriodOfTest,
    Source,
)
from callcenter.drills.models import Drill, DrillPress
from callcenter.regions.models import Region
from callcenter.regions.upkeep import add_region, root_region
from callcenter.residents.dating import write_as
from callcenter.residents.models import (
    Building,
    Contact,
    Home,
    PointOfInterest,
    Resident,
    ResidentStatus,
    Road,
)
from callcenter.residents.names import latin_name
from callcenter.residents.photographs.models import PlacePhotograph

IDENTITY = "resident.identity"
LIVED_THERE = timedelta(days=3 * 365)
"""So long everybody has been known when the demo begins: their past can be asked."""


async def load(database: Database, seal: Seal, clock: Clock, data_dir: Path, zone: tzinfo) -> None:
    """Load the community in one transaction, unless it is there; write what its devices and its log-in page need. `zone`: the site's,
    in which its days begin.
    """
    async with database.transaction() as session:
        if await session.scalar(select(Region.id).where(Region.code == COMMUNITY)) is None:
            await _write(session, seal, clock.now(), zone)
    path = data_dir / DEVICES_FILE
    if not path.exists():
        async with database.transaction() as session:
            content = await describe_devices(session, seal)
        await asyncio.to_thread(replace_private, path, content)
    await asyncio.to_thread(replace_private, data_dir / LOGINS_FILE, describe_logins())


async def _write(session: AsyncSession, seal: Seal, now: datetime, zone: tzinfo) -> None:
    local = now.astimezone(zone)
    planned = community(local.date())
    regions = await _regions(session)
    homes, buildings = await _places(session, planned, regions)
    registered = local.date() - LIVED_THERE
    await write_as(session, now=local, by=None, source="demo", day=registered)
    residents = await _people(session, seal, planned, homes, now)
    await _lives(session, local)
    pictures = photograph_rows(planned, buildings, homes, seal, now)
    await session.execute(insert(PlacePhotograph), pictures)
    devices = await _devices(session, seal, planned, regions, homes, residents, now)
    ids = Ids(regions, homes, residents, devices, await _users(session, planned, regions, now))
    await _plans(session, planned, ids, now)
    await _history(session, planned, ids, now, zone)
    await _call_lists(session, planned, ids, now, zone)
    here = ids.regions[COMMUNITY]
    period = period_row(planned, ids.devices, (here.id, here.path), now)
    await session.execute(insert(PeriodOfTest), [period])
    await write_around(session, here.id, now)
    await write_roster(session, here.id, now, zone)
    await write_rounds(session, here.id, now, zone)
    await write_field_day(session, now)
    await write_hotline(session, here.id, now)


async def _insert(
    session: AsyncSession, column: InstrumentedAttribute[int], rows: list[dict[str, Any]]
) -> list[int]:
    """One statement; the ids in the order of the rows."""
    statement = insert(column.class_).returning(column, sort_by_parameter_order=True)
    return list(await session.scalars(statement, rows))


# ---- places


async def _regions(session: AsyncSession) -> dict[str, Region]:
    root = await root_region(session)
    for name, value in ground().root.items():
        setattr(root, name, value)
    found = {"": root}
    for planned in ground().regions:
        found[planned.code] = await add_region(
            session,
            found[planned.parent or ""],
            code=planned.code,
            level=planned.level,
            name=planned.name.zh,
            name_en=planned.name.en,
            **planned.settings,
        )
    found[COMMUNITY].basemap = basemap()
    await session.flush()
    return found


async def _places(
    session: AsyncSession, planned: Community, regions: Mapping[str, Region]
) -> tuple[list[int], Mapping[int, int]]:
    """Ids of the homes, and those of the buildings by their numbers."""
    made = await _insert(
        session,
        Building.id,
        [
            {
                "region_id": regions[building.grid].id,
                "estate": ESTATE,
                "name": f"{building.number}号楼",
                "name_en": f"Building {building.number}",
                "floors": building.floors,
                "floor_height_m": 3.0 if building.lift else 2.9,
                "lift": building.lift,
                "footprint": building.ring,
                "entrances": building.entrance_list(),
            }
            for building in ground().buildings
        ],
    )
    await _insert(
        session,
        PointOfInterest.id,
        [
            {
                "region_id": regions[COMMUNITY].id,
                "kind": point.kind,
                "name": point.name.zh,
                "name_en": point.name.en,
                "lng": at(point.x, point.y)[0],
                "lat": at(point.x, point.y)[1],
                "phone": point.phone,
            }
            for point in ground().points
        ],
    )
    await _insert(
        session,
        Road.id,
        [
            {
                "region_id": regions[COMMUNITY].id,
                "name": road.name.zh,
                "name_en": road.name.en,
                "width_m": road.width,
                "line": [at(*point) for point in road.line],
            }
            for road in ground().roads
        ],
    )
    by_number = {
        each.number: made_id for each, made_id in zip(ground().buildings, made, strict=True)
    }
    homes = await _insert(
        session, Home.id, [_home_row(home, by_number, regions) for home in planned.homes]
    )
    return homes, by_number


def _home_row(
    home: PlannedHome, buildings: Mapping[int, int], regions: Mapping[str, Region]
) -> dict[str, Any]:
    return {
        "region_id": regions[home.building.grid].id,
        "building_id": buildings[home.building.number],
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


async def _lives(session: AsyncSession, local: datetime) -> None:
    """What has changed of some people since they were registered, each from its day on; now by the site's calendar."""
    for days_ago, name, columns in in_their_order():
        day = local.date() - timedelta(days=days_ago)
        await write_as(session, now=local, by=None, source="demo", day=day)
        await session.execute(update(Resident).where(Resident.name == name).values(**columns))
    await write_as(session, now=local, by=None, source="demo")


def _as_registered(name: str) -> dict[str, Any]:
    """Beyond what is listed of everybody. Every row of one statement has the same columns."""
    life = lives().get(name)
    return dict(Standing().model_dump()) if life is None else life.first_columns()


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
        "status": ResidentStatus.HOME,
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
        "language": "zh-CN",
        "salutation": person.salutation.zh,
        "english": _english(
            health_note=resident.note,
            medicines=resident.medicines,
            allergies=resident.allergy,
            hospital=resident.hospital,
            hearing=person.hearing,
            dialect=resident.dialect,
            talk_note=resident.talk,
            salutation=person.salutation,
        ),
        "created_at": now,
        "updated_at": now,
    } | _as_registered(person.name)


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
                    COMMUNITY if device.home is None else planned.homes[device.home].building.grid
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
            kind=HTTP_KIND,
            region_id=regions[COMMUNITY].id,
            hmac_key_id=HTTP_KEY_ID,
            hmac_secret_sealed=seal.seal(secret.encode(), context=HMAC_SECRET),
            bearer_hash=sha256(bearer_of(secret).encode()).digest(),
        )
    )
    if await session.scalar(select(Source.id).where(Source.name == DC09_SOURCE)) is None:
        session.add(Source(name=DC09_SOURCE, kind=DC09_SOURCE, region_id=regions[""].id))
    await session.flush()


# ---- log-ins and the past


async def _users(
    session: AsyncSession, planned: Community, regions: Mapping[str, Region], now: datetime
) -> list[int]:
    """All with one hash, which takes a tenth of a second of a core: that their password is the same is printed anyway."""
    password_hash = await asyncio.to_thread(hash_password, PASSWORD)
    made = await _insert(
        session,
        User.id,
        [
            {
                "login": user.login,
                "name": user.name.zh,
                "name_en": user.name.en,
                "password_hash": password_hash,
                "language": user.language,
                "skills": [words().dialects[key].zh for key in user.speaks],
                "created_at": now,
            }
            for user in planned.users
        ],
    )
    await _insert(
        session,
        Grant.id,
        [
            {"user_id": user_id, "role": user.role, "region_id": regions[""].id}
            for user_id, user in zip(made, planned.users, strict=True)
        ],
    )
    return made


async def _plans(session: AsyncSession, planned: Community, ids: Ids, now: datetime) -> None:
    """As if the supervisor had just written them."""
    author_id = next(
        made
        for made, user in zip(ids.users, planned.users, strict=True)
        if user.role == Role.SUPERVISOR
    )
    names = [resident.person.name for resident in planned.residents]
    plans = list(demo_plans())
    author = {"active": True, "version": 1, "changed_by": author_id, "changed_at": now}
    made = await _insert(
        session,
        ActionPlan.id,
        [
            {
                "region_id": None if each.resident else ids.regions[COMMUNITY].id,
                "resident_id": ids.residents[names.index(each.resident)] if each.resident else None,
                "kinds": list(each.kinds),
                "name": each.name,
                "name_en": each.name_en,
                **author,
            }
            for each in plans
        ],
    )
    await session.execute(
        insert(ActionPlanVersion),
        [
            {
                "plan_id": plan_id,
                "version": 1,
                "kinds": list(each.kinds),
                "name": each.name,
                "name_en": each.name_en,
                "active": True,
                "steps": stored_steps(each.steps),
                "by": author_id,
                "at": now,
            }
            for plan_id, each in zip(made, plans, strict=True)
        ],
    )


async def _history(
    session: AsyncSession, planned: Community, ids: Ids, now: datetime, zone: tzinfo
) -> None:
    """What was real and what was drilled, together: numbers of incidents grow with time."""
    told = [PastRows(past, planned, ids) for past in past_incidents(now, zone)]
    drilled = await _drill(session, planned, ids, began_at(now, zone))
    incidents = [*(one.incident_row() for one in told), *(one.incident for one in drilled)]
    incidents.sort(key=lambda row: row["opened_at"])
    both: list[PastRows | DrilledRows] = [*told, *drilled]
    entries = [row for one in both for row in one.entry_rows()]
    journal = [one.journal_row() for one in both]
    await session.execute(insert(IncidentRow), incidents)
    await session.execute(insert(TimelineEntry), entries)
    await session.execute(insert(JournalEntry), journal)
    await session.execute(insert(Proof), [row for one in drilled for row in one.proof_rows()])
    await session.execute(insert(DrillPress), [one.press for one in drilled])


async def _drill(
    session: AsyncSession, planned: Community, ids: Ids, began: datetime
) -> list[DrilledRows]:
    """Its row; of its presses what is still to be written."""
    row = drill_row(planned, ids, ids.regions[COMMUNITY], began)
    [drill_id] = await _insert(session, Drill.id, [row])
    return list(drilled_rows(planned, ids, drill_id, began))


async def _call_lists(
    session: AsyncSession, planned: Community, ids: Ids, now: datetime, zone: tzinfo
) -> None:
    rows = call_lists.list_rows(ids.regions[COMMUNITY].id, now, zone)
    well_being = (await _insert(session, CallList.id, rows))[0]
    plans = call_lists.plan_rows(planned, well_being, ids.residents, now, zone)
    await session.execute(insert(CallPlan), plans)
    due = call_lists.item_rows(planned, well_being, ids.homes, ids.residents, now, zone)
    await session.execute(insert(CallItem), due)
