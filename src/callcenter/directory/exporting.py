"""Export of residents in the columns of the import, so that an export can be imported again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import BigInteger, ColumnElement, Text, any_, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.core.phone import national
from callcenter.core.sealed import Seal
from callcenter.devices.models import Device, DeviceAssignment
from callcenter.devices.standing import holds
from callcenter.directory.columns import (
    ABILITY,
    COLUMNS,
    CONTACT_POLICY,
    CONTACTS,
    DEVICE_KIND,
    DISABILITY,
    DISABILITY_LEVEL,
    ENCRYPTED_ONLY,
    LANGUAGE,
    LIVING,
    RISK,
    SEX,
    STATUS,
    WELFARE,
    Choices,
    headings,
    spelled,
)
from callcenter.directory.spreadsheet import CsvFile, RowFile, XlsxFile
from callcenter.records.models import FactKind, ResidentFact
from callcenter.records.past import DOCUMENT
from callcenter.regions.models import Region
from callcenter.residents.models import Building, Contact, Home, Resident
from callcenter.residents.people import INSURANCE, opened_identity

Format = Literal["xlsx", "csv"]
MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_KEYS: Final = [column.key for column in COLUMNS]
_PLAIN: Final = (
    "health_note", "medicines", "allergies", "hospital", "hearing", "dialect", "talk_note", "name",
    "salutation", "name_latin", "employer", "lunar_birthday", "hukou_region_code",
)  # fmt: skip
_SEALED: Final = ("identity_number", "insurance_number", "disability_certificate")
"""Columns of long numbers, which a spreadsheet must leave text."""
_OF_RESIDENT: Final = (
    *_PLAIN, "id", "home_id", "sex", "identity_sealed", "birth_date", "phone", "second_phone", "status", "living",
    "welfare", "ability", "risk", "hazards", "contact_policy", "language", "hazards_en", "retired_on", "party_joined_on",
    "insurance_sealed", "disability", "disability_level",
)  # fmt: skip
_OF_HOME: Final = (
    "entrance", "floor", "door", "address", "access_note", "key_note", "lat", "lng",
)  # fmt: skip
_SLICE: Final = 200
"""Residents read at a time: some milliseconds of the loop."""
_ONE_MOMENT: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export holds. `within` is a condition on Region, `among` one on Resident; None exports everybody."""

    within: ColumnElement[bool] | None
    file_format: Format
    language: str
    among: ColumnElement[bool] | None = None


async def export_residents(
    database: Database, seal: Seal, wanted: Wanted, *, now: datetime, path: Path
) -> int:
    """Write the file and tell how many residents it holds. All of it is as it was at one moment; it is read in slices and
    written beside the loop, so that the memory does not grow with the number of people and nobody waits.
    """
    file = await asyncio.to_thread(_open_file, path, wanted)
    count = 0
    try:
        async with database.transaction() as session:
            await session.connection(execution_options=_ONE_MOMENT)
            async for part in _slices(session, wanted, now):
                count += len(part)
                await asyncio.to_thread(_write_rows, file, part, seal, wanted.language)
    finally:
        await asyncio.to_thread(file.close)
    return count


def _open_file(path: Path, wanted: Wanted) -> RowFile:
    titles = list(headings(wanted.language))
    file: RowFile
    if wanted.file_format == "csv":
        file = CsvFile(path, frozenset(_KEYS.index(key) for key in _SEALED))
    else:
        name = "老人" if wanted.language.startswith("zh") else "Residents"
        file = XlsxFile(path, name, len(titles))
    file.write([titles])
    return file


def _write_rows(file: RowFile, part: Sequence[_Person], seal: Seal, language: str) -> None:
    file.write(_row(each, seal, language) for each in part)


# ---- reading


@dataclass(frozen=True, slots=True)
class _Person:
    """A resident with home and building in one row, and what belongs to them."""

    row: Any
    contacts: Sequence[Any]
    devices: Sequence[Any]


async def _slices(
    session: AsyncSession, wanted: Wanted, now: datetime
) -> AsyncIterator[Sequence[_Person]]:
    """Region after region in the order of the tree, home after home in each."""
    inhabited = select(Home.id).where(Home.region_id == Region.id).exists()
    regions = select(Region.id, Region.name).where(inhabited).order_by(Region.path)
    if wanted.within is not None:
        regions = regions.where(wanted.within)
    for region in (await session.execute(regions)).all():
        last = (0, 0)
        while rows := (await session.execute(_residents(region, wanted, last))).all():
            ids = [row.id for row in rows]
            contacts = await _by_resident(session, _contacts(ids))
            devices = await _by_resident(session, _devices(ids, now))
            yield [_Person(row, contacts.get(row.id, ()), devices.get(row.id, ())) for row in rows]
            last = (rows[-1].home_id, rows[-1].id)


def _residents(region: Any, wanted: Wanted, last: tuple[int, int]) -> Any:
    behind = tuple_(literal(last[0], BigInteger), literal(last[1], BigInteger))
    query = (
        select(
            *(getattr(Resident, name) for name in _OF_RESIDENT),
            *(getattr(Home, name) for name in _OF_HOME),
            Building.estate,
            Building.name.label("building_name"),
            _CERTIFICATE.label("certificate_sealed"),
            literal(region.name, Text).label("region_name"),
        )
        .join(Home, Home.id == Resident.home_id)
        .outerjoin(Building, Building.id == Home.building_id)
        .where(Home.region_id == region.id, tuple_(Home.id, Resident.id) > behind)
        .order_by(Home.id, Resident.id)
        .limit(_SLICE)
    )
    return query if wanted.among is None else query.where(wanted.among)


_CERTIFICATE: Final = (
    select(ResidentFact.document_sealed)
    .where(
        ResidentFact.resident_id == Resident.id,
        ResidentFact.kind == FactKind.DISABILITY,
        ResidentFact.withdrawn_at.is_(None),
        ResidentFact.until_day.is_(None),
    )
    .correlate(Resident)
    .scalar_subquery()
)
"""Of the disability that holds."""


def _contacts(resident_ids: list[int]) -> Any:
    columns = (Contact.resident_id, Contact.name, Contact.relation, Contact.phone)
    query = select(*columns).where(Contact.resident_id == any_(_array(resident_ids)))
    return query.order_by(Contact.resident_id, Contact.rank)


def _devices(resident_ids: list[int], now: datetime) -> Any:
    return (
        select(DeviceAssignment.resident_id, Device.identifier, Device.kind, Device.encrypted_only)
        .join(Device, Device.id == DeviceAssignment.device_id)
        .where(DeviceAssignment.resident_id == any_(_array(resident_ids)), holds(now))
        .order_by(Device.id)
    )


def _array(ids: list[int]) -> ColumnElement[Any]:
    return literal(ids, ARRAY(BigInteger))


async def _by_resident(session: AsyncSession, query: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in await session.execute(query):
        found.setdefault(row.resident_id, []).append(row)
    return found


# ---- one row


def _polls(encrypted_only: bool | None) -> str | None:
    return None if encrypted_only is None else "required" if encrypted_only else "optional"


def _standing(
    resident: Any, seal: Seal, word: Callable[[Choices, str | None], str], separator: str
) -> dict[str, Any]:
    insurance, certificate = resident.insurance_sealed, resident.certificate_sealed
    return {
        "language": word(LANGUAGE, resident.language),
        "hazards_en": separator.join(resident.hazards_en),
        "retired_on": resident.retired_on,
        "party_joined_on": resident.party_joined_on,
        "insurance_number": seal.open(insurance, context=INSURANCE).decode() if insurance else "",
        "disability": word(DISABILITY, resident.disability) if resident.disability else "",
        "disability_level": word(DISABILITY_LEVEL, resident.disability_level or None),
        "disability_certificate": seal.open(certificate, context=DOCUMENT).decode()
        if certificate
        else "",
    }


def _row(person: _Person, seal: Seal, language: str) -> list[str]:
    resident, contacts, devices = person.row, person.contacts, person.devices
    separator = "、" if language.startswith("zh") else "; "

    def word(choices: Choices, value: str | None) -> str:
        return spelled(choices, value, language)

    values: dict[str, Any] = {key: getattr(resident, key) for key in _PLAIN}
    values |= {
        "sex": word(SEX, resident.sex),
        "identity_number": opened_identity(seal, resident),
        "birth_date": resident.birth_date.isoformat() if resident.birth_date else "",
        "phone": national(resident.phone),
        "second_phone": national(resident.second_phone),
        "region": resident.region_name,
        "estate": resident.estate or "",
        "building": (resident.building_name or "").removesuffix("号楼"),
        "entrance": resident.entrance,
        "floor": resident.floor,
        "door": resident.door,
        "address": resident.address,
        "access_note": resident.access_note,
        "key_note": resident.key_note,
        "lat": resident.lat,
        "lng": resident.lng,
        "status": word(STATUS, resident.status),
        "living": word(LIVING, resident.living),
        "welfare": separator.join(word(WELFARE, each_one) for each_one in resident.welfare),
        "ability": word(ABILITY, resident.ability),
        "risk": word(RISK, resident.risk),
        "telling": word(CONTACT_POLICY, resident.contact_policy),
        "hazards": separator.join(resident.hazards),
        "devices": ",".join(device.identifier for device in devices),
        "device_kind": word(DEVICE_KIND, devices[0].kind) if devices else "",
        "encrypted_only": word(ENCRYPTED_ONLY, _polls(devices[0].encrypted_only))
        if devices
        else "",
    }
    values |= _standing(resident, seal, word, separator)
    for number, contact in enumerate(contacts[:CONTACTS], start=1):
        values[f"contact{number}_name"] = contact.name
        values[f"contact{number}_relation"] = contact.relation
        values[f"contact{number}_phone"] = national(contact.phone)
    return ["" if values.get(key) is None else str(values[key]) for key in _KEYS]
