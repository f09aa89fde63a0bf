"""Export of residents in the columns of the import, so that an export can be imported again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal, cast

import phonenumbers
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.sealed import Seal
from callcenter.devices.inventory import holds
from callcenter.devices.models import Device, DeviceAssignment
from callcenter.directory.columns import (
    ABILITY,
    COLUMNS,
    CONTACTS,
    DEVICE_KIND,
    LIVING,
    RISK,
    SEX,
    STATUS,
    WELFARE,
    Choices,
    headings,
    spelled,
)
from callcenter.directory.spreadsheet import Sheet, write_csv, write_xlsx
from callcenter.regions.models import Region
from callcenter.residents.models import Building, Contact, Home, Resident
from callcenter.residents.people import opened_identity

Format = Literal["xlsx", "csv"]
MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_KEYS: Final = [column.key for column in COLUMNS]
_PLAIN: Final = (
    "health_note", "medicines", "allergies", "hospital", "hearing", "dialect", "talk_note", "name",
)  # fmt: skip


async def export_residents(
    session: AsyncSession,
    seal: Seal,
    *,
    within: ColumnElement[bool],
    now: datetime,
    file_format: Format,
    language: str,
) -> tuple[bytes, int]:
    """The file and how many residents it holds. `within` is a condition on Region."""
    found = (await session.execute(_residents(within))).all()
    contacts = await _contacts(session, within)
    devices = await _devices(session, within, now)
    rows = await asyncio.to_thread(
        lambda: [
            _row(
                each,
                contacts.get(each.Resident.id, []),
                devices.get(each.Resident.id, []),
                seal,
                language,
            )
            for each in found
        ]
    )
    content = await asyncio.to_thread(_file, rows, file_format, language)
    return content, len(rows)


def _file(rows: list[list[str]], file_format: Format, language: str) -> bytes:
    table = [list(headings(language)), *rows]
    if file_format == "csv":
        return write_csv(table, frozenset({_KEYS.index("identity_number")}))
    return write_xlsx([Sheet("老人" if language.startswith("zh") else "Residents", table)])


def _residents(within: ColumnElement[bool]) -> Any:
    return (
        select(Resident, Home, Building, Region.name.label("region_name"))
        .join(Home, Home.id == Resident.home_id)
        .join(Region, Region.id == Home.region_id)
        .outerjoin(Building, Building.id == Home.building_id)
        .where(within)
        .order_by(Region.path, Home.id, Resident.id)
    )


async def _contacts(session: AsyncSession, within: ColumnElement[bool]) -> dict[int, list[Contact]]:
    query = select(Contact).join(Resident).join(Home).join(Region).where(within)
    found: dict[int, list[Contact]] = {}
    for contact in await session.scalars(query.order_by(Contact.resident_id, Contact.rank)):
        found.setdefault(contact.resident_id, []).append(contact)
    return found


async def _devices(
    session: AsyncSession, within: ColumnElement[bool], now: datetime
) -> dict[int, list[Device]]:
    query = (
        select(DeviceAssignment.resident_id, Device)
        .join(Device, Device.id == DeviceAssignment.device_id)
        .join(Home, Home.id == DeviceAssignment.home_id)
        .join(Region, Region.id == Home.region_id)
        .where(within, holds(now), DeviceAssignment.resident_id.is_not(None))
        .order_by(Device.id)
    )
    found: dict[int, list[Device]] = {}
    for resident_id, device in (await session.execute(query)).all():
        found.setdefault(cast("int", resident_id), []).append(device)
    return found


def _row(
    each: Any, contacts: Sequence[Contact], devices: Sequence[Device], seal: Seal, language: str
) -> list[str]:
    resident, home, building = each.Resident, each.Home, each.Building
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
        "region": each.region_name,
        "estate": building.estate if building else "",
        "building": building.name.removesuffix("号楼") if building else "",
        "entrance": home.entrance,
        "floor": home.floor,
        "door": home.door,
        "address": home.address,
        "access_note": home.access_note,
        "key_note": home.key_note,
        "lat": home.lat,
        "lng": home.lng,
        "status": word(STATUS, resident.status),
        "living": word(LIVING, resident.living),
        "welfare": separator.join(word(WELFARE, each_one) for each_one in resident.welfare),
        "ability": word(ABILITY, resident.ability),
        "risk": word(RISK, resident.risk),
        "hazards": separator.join(resident.hazards),
        "devices": ",".join(device.identifier for device in devices),
        "device_kind": word(DEVICE_KIND, devices[0].kind) if devices else "",
    }
    for number, contact in enumerate(contacts[:CONTACTS], start=1):
        values[f"contact{number}_name"] = contact.name
        values[f"contact{number}_relation"] = contact.relation
        values[f"contact{number}_phone"] = national(contact.phone)
    return ["" if values.get(key) is None else str(values[key]) for key in _KEYS]


def national(e164: str | None) -> str:
    """As people of the country write it, so that a cell does not begin with +; foreign numbers with 00."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    if number.country_code != 86:
        return f"00{e164.removeprefix('+')}"
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return written.replace(" ", "")
